#include "apps/client_options.h"

#include <CLI/CLI.hpp>

#include "apps/first_line.h"
#include "base/hash.h"
#include "base/text.h"
#include "sip/uri.h"

namespace convene::apps {

namespace {

constexpr std::uint16_t sip_port = 5060;
constexpr std::uint16_t sips_port = 5061;

Result<sip::Transport> transport_of(const ClientOptions& options) {
  if (options.transport == "udp") return sip::Transport::udp;
  if (options.transport == "tcp") return sip::Transport::tcp;
  if (options.transport == "tls") return sip::Transport::tls;
  return fail(Fault::malformed, "--transport is udp, tcp or tls");
}

Result<sip::HostPort> server_of(const ClientOptions& options) {
  auto server = sip::parse_host_port(options.server);
  if (!server) return fail(Fault::malformed, "--server wants host:port, not " + options.server);
  if (server->port == 0) server->port = options.transport == "tls" ? sips_port : sip_port;
  return *std::move(server);
}

// host:port, or the relay's URI: msrps://relay.example:2855. RFC 4976 6.1
Result<msrp::Uri> relay_of(const ClientOptions& options) {
  const auto begin = options.relay.find("://");
  const auto scheme = begin == std::string::npos ? "msrp" : options.relay.substr(0, begin);
  auto address = options.relay.substr(begin == std::string::npos ? 0 : begin + 3);
  address = address.substr(0, address.find_first_of("/;"));
  const auto relay = sip::parse_host_port(address);
  if (!relay || (scheme != "msrp" && scheme != "msrps"))
    return fail(Fault::malformed,
                "--msrp-relay wants host:port or msrps://host:port, not " + options.relay);
  msrp::Uri uri;
  uri.is_secure = scheme == "msrps";
  uri.host = relay->host;
  uri.port = relay->port;
  return uri;
}

Result<std::string> password_of(const ClientOptions& options) {
  if (options.password_file.empty()) return options.password;
  auto line = first_line_of(options.password_file);
  if (!line) return fail(Fault::not_found, options.password_file + " cannot be read");
  return *std::move(line);
}

// The same for the same user on the same machine name: a device keeps its instance.
std::string instance_of(const std::string& address) {
  const auto hex = digest_hex(Digest::sha1, "convene " + address);
  return "<urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(13, 3) +
         "-8" + hex.substr(17, 3) + "-" + hex.substr(20, 12) + ">";
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

void add_options(CLI::App& app, ClientOptions& options) {
  app.add_option("--server", options.server, "registrar and outbound proxy, host:port")
      ->capture_default_str();
  app.add_option("--transport", options.transport, "udp, tcp or tls")
      ->check(CLI::IsMember({"udp", "tcp", "tls"}))
      ->capture_default_str();
  app.add_option("--user", options.user, "who we are: a name, or a whole SIP URI")->required();
  app.add_option("--password", options.password, "for digest authentication");
  app.add_option("--password-file", options.password_file,
                 "a file whose first line is the password");
  app.add_option("--name", options.name, "the display name that others see");
  app.add_option("--domain", options.domain, "the domain of users given by name")
      ->capture_default_str();
  app.add_option("--factory", options.factory,
                 "conference factory; default sip:conference-factory@<domain>");
  app.add_option("--profile", options.profile,
                 "strict: the letter of the specification; deployed: as RCS clients do")
      ->check(CLI::IsMember({"strict", "deployed"}))
      ->capture_default_str();
  app.add_flag("--anonymous", options.is_anonymous, "ask the server to tell nobody who we are");
  auto* chat_only = app.add_flag("--chat-only", options.chat_only, "say that we only chat");
  app.add_flag("--no-tags", options.no_tags, "say nothing about file transfer")
      ->excludes(chat_only);
  app.add_flag("--no-thumbnails", options.no_thumbnails, "do not say that we know thumbnails");
  app.add_flag("--no-store-and-forward", options.no_store_and_forward,
               "do not say that we know store and forward");
  app.add_option("--max-file-size", options.max_file_megabytes, "in MB, sent and received")
      ->capture_default_str();
  app.add_option("--msrp-relay", options.relay,
                 "an MSRP relay (RFC 4976) that all media goes through, host:port or, over TLS, "
                 "msrps://host:port; it knows the same name and password");
  app.add_option("--msrp-tls", options.msrp_tls,
                 "chat and files over TLS: off, accept (where the other side wants it), require")
      ->check(CLI::IsMember({"off", "accept", "require"}))
      ->capture_default_str();
  app.add_flag("--json", options.is_json, "one line of JSON for each event");
  app.add_option("--trace", options.trace, "a file for what goes over the wire");
  app.add_option("--log", options.log, "a file for the log");
  app.add_option("--tls-authorities", options.authorities, "PEM file of who is trusted");
  app.add_flag("--tls-trust-any", options.trusts_any_server, "any certificate will do; labs only");
}

std::string address_of(const ClientOptions& options, const std::string& who) {
  if (who.find(':') != std::string::npos) return who;
  return "sip:" + (who.find('@') == std::string::npos ? who + "@" + options.domain : who);
}

std::vector<std::string> addresses_of(const ClientOptions& options,
                                      const std::vector<std::string>& names) {
  std::vector<std::string> addresses;
  addresses.reserve(names.size());
  for (const auto& name : names) addresses.push_back(address_of(options, name));
  return addresses;
}

CLI::Option* add_list_option(CLI::App& app, std::vector<std::string>& list) {
  const auto take = [&list](const std::string& names) {
    for (const auto name : split(names, ',')) {
      if (trim(name).empty()) throw CLI::ValidationError{"--list", "an empty name in " + names};
      list.emplace_back(trim(name));
    }
  };
  return app.add_option_function<std::string>("--list", take, "several at once, and no group")
      ->type_name("NAME,NAME...");
}

Result<client::Settings> client_settings(const ClientOptions& options) {
  client::Settings settings;
  settings.address = address_of(options, options.user);
  const auto own = sip::parse_uri(settings.address);
  if (!own || !own->is_sip() || own->user.empty()) {
    return fail(Fault::malformed, "--user wants a name or a SIP URI, not " + options.user);
  }
  settings.display_name = options.name;
  settings.instance = instance_of(settings.address);
  const auto password = TRY(password_of(options));
  if (!password.empty()) {
    settings.credentials = sip::Credentials{.user = own->user, .password = password};
  }
  settings.transport = TRY(transport_of(options));
  settings.outbound = sip::Destination{
      .transport = settings.transport, .address = TRY(server_of(options)), .flow = {}};
  settings.conference_factory =
      options.factory.empty() ? "sip:conference-factory@" + own->host : options.factory;
  settings.profile =
      options.profile == "deployed" ? client::Profile::deployed : client::Profile::strict;

  const bool transfers_files = !options.chat_only && !options.no_tags;
  settings.services = {.file_transfer = transfers_files,
                       .thumbnail = transfers_files && !options.no_thumbnails,
                       .store_and_forward = transfers_files && !options.no_store_and_forward};
  settings.is_anonymous = options.is_anonymous;
  settings.chat_only = options.chat_only;
  settings.max_file_size = options.max_file_megabytes * 1'000'000;
  settings.product = "convene";
  settings.security = options.msrp_tls == "off"       ? cpm::MediaSecurity::off
                      : options.msrp_tls == "require" ? cpm::MediaSecurity::require
                                                      : cpm::MediaSecurity::accept;
  if (!options.relay.empty()) {
    settings.relay = msrp::RelaySettings{
        .relay = TRY(relay_of(options)), .user = own->user, .password = password};
  }
  return settings;
}

Result<io::RunnerSettings> runner_settings(const ClientOptions& options) {
  const auto server = TRY(server_of(options));
  const bool is_v6 = server.host.find(':') != std::string::npos;
  std::string own = is_v6 ? "::" : "0.0.0.0";
  if (is_loopback(server.host)) own = is_v6 ? "::1" : "127.0.0.1";

  io::RunnerSettings settings;
  settings.udp = {{.host = own, .port = 0}};
  settings.tcp = {{.host = own, .port = 0}};
  if (options.relay.empty())
    settings.msrp = {{.host = own, .port = 0}};  // for sessions between two
  if (options.relay.empty() && options.msrp_tls != "off")
    settings.msrps = {{.host = own, .port = 0}};
  settings.tls_files = io::TlsSettings{.certificate = {},
                                       .key = {},
                                       .authorities = options.authorities,
                                       .verifies_servers = !options.trusts_any_server};
  settings.media_tls = settings.tls_files;
  settings.media_tls->self_signed = true;
  return settings;
}

}  // namespace convene::apps
