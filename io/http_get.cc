#include "io/http_get.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/text.h"
#include "io/opening.h"
#include "sip/uri.h"

namespace convene::io {

namespace {

namespace http = boost::beast::http;

constexpr std::string_view scheme = "http://";
constexpr std::uint16_t http_port = 80;
constexpr std::size_t max_header_octets = 16'384;

struct Target {
  std::string authority;  // as written: Host
  std::string host;
  std::uint16_t port = http_port;
  std::string path;
};

// http://host[:port]/path. RFC 9110 4.2.1
Result<Target> target_of(std::string_view uri) {
  if (!uri.starts_with(scheme)) return fail(Fault::unsupported, "no http URI");
  uri.remove_prefix(scheme.size());
  if (uri.find_first_of(" \t\r\n") != uri.npos) return fail(Fault::malformed, "blanks in a URI");
  const auto slash = std::min(uri.find('/'), uri.size());
  const auto authority = uri.substr(0, slash);
  const auto address = sip::parse_host_port(authority);
  if (!address || address->host.empty()) return fail(Fault::malformed, "no host in a URI");
  const auto path = slash == uri.size() ? std::string{"/"} : std::string{uri.substr(slash)};
  return Target{.authority = std::string{authority},
                .host = address->host,
                .port = address->port ? address->port : http_port,
                .path = path};
}

std::string text_of(const Target& target, const HttpRequest& request) {
  auto text = "GET " + target.path + " HTTP/1.1\r\nHost: " + target.authority +
              "\r\nConnection: close\r\nAccept: application/xml, */*\r\n";
  if (!request.etag.empty()) text += "If-None-Match: " + request.etag + "\r\n";
  return text + "\r\n";
}

}  // namespace

class HttpGet::Impl {
 public:
  Impl(Loop& loop, HttpRequest request, Done done)
      : loop_{loop}, request_{std::move(request)}, done_{std::move(done)}, patience_{loop} {
    parser_.header_limit(max_header_octets);
    parser_.body_limit(request_.max_octets);
    patience_.at(loop.now() + request_.patience,
                 [this] { finish(fail(Fault::timed_out, "no answer")); });
    auto target = target_of(request_.uri);
    if (!target) {  // told later, too
      patience_.at(loop.now(), [this, why = target.error()] { finish(std::unexpected(why)); });
      return;
    }
    unsent_ = text_of(*target, request_);
    opening_.emplace(loop, target->host, target->port, request_.patience,
                     [this](Result<FileDescriptor> socket) {
                       if (!socket) return finish(std::unexpected(socket.error()));
                       socket_.emplace(loop_, std::move(*socket));
                       write();
                     });
  }

 private:
  void write() {
    while (!unsent_.empty()) {
      const auto count = ::send(socket_->fd(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EAGAIN) {
        return socket_->when_writable([this] { write(); });
      }
      if (count <= 0) return finish(fail(Fault::closed, "closed while asking"));
      unsent_.erase(0, static_cast<std::size_t>(count));
    }
    socket_->when_readable([this] { read(); });
  }

  void read() {
    std::array<char, 16'384> octets;  // NOLINT: filled by recv
    const auto count = ::recv(socket_->fd(), octets.data(), octets.size(), 0);
    if (count < 0 && errno == EAGAIN) return socket_->when_readable([this] { read(); });
    if (count < 0) return finish(fail(Fault::closed, "closed while answering"));
    boost::beast::error_code error;
    if (count == 0) {
      parser_.put_eof(error);
    } else {
      arrived_.append(octets.data(), static_cast<std::size_t>(count));
      take(error);
    }
    if (error) return finish(std::unexpected(error_of(error)));
    if (parser_.is_done()) return finish(answer());
    if (count == 0) return finish(fail(Fault::closed, "closed while answering"));
    socket_->when_readable([this] { read(); });
  }

  // As much as the parser takes; what is left waits for more.
  void take(boost::beast::error_code& error) {
    while (!arrived_.empty() && !parser_.is_done()) {
      const auto used = parser_.put(boost::asio::buffer(arrived_), error);
      arrived_.erase(0, used);
      if (error == http::error::need_more) {
        error = {};
        return;
      }
      if (error || used == 0) return;
    }
  }

  static Error error_of(const boost::beast::error_code& error) {
    const bool is_large = error == http::error::body_limit || error == http::error::header_limit;
    return {is_large ? Fault::too_large : Fault::malformed, error.message()};
  }

  HttpAnswer answer() {
    auto& response = parser_.get();
    return {.status = static_cast<int>(response.result_int()),
            .etag = std::string{response[http::field::etag]},
            .body = std::move(response.body())};
  }

  void finish(Result<HttpAnswer> result) {
    patience_.cancel();
    opening_.reset();
    socket_.reset();
    auto done = std::move(done_);
    done(std::move(result));  // may destroy this
  }

  Loop& loop_;
  HttpRequest request_;
  Done done_;
  Timer patience_;
  std::optional<Opening> opening_;
  std::optional<Watched> socket_;
  std::string unsent_;
  std::string arrived_;  // and not parsed yet
  http::response_parser<http::string_body> parser_;
};

HttpGet::HttpGet(Loop& loop, HttpRequest request, Done done)
    : impl_{std::make_unique<Impl>(loop, std::move(request), std::move(done))} {}
HttpGet::~HttpGet() = default;

}  // namespace convene::io
