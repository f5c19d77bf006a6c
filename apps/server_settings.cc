#include "apps/server_settings.h"

#include <algorithm>

namespace convene::apps {

namespace {

Duration milliseconds(std::chrono::seconds seconds) { return seconds; }

controlling::GroupPolicy group_policy(const Configuration& c) {
  controlling::GroupPolicy policy;
  policy.factories = {
      {.uri = with_domain(c, c.group.factory), .type = controlling::GroupType::open}};
  if (!c.group.closed_factory.empty())
    policy.factories.push_back(
        {.uri = with_domain(c, c.group.closed_factory), .type = controlling::GroupType::closed});
  policy.focus_host = with_domain(c, c.group.focus_host);
  policy.focus_params = c.group.focus_parameters;
  for (const auto& host : c.predefined_groups.hosts) {
    policy.group_hosts.push_back(with_domain(c, host));
  }
  policy.max_participants = c.group.max_participants;
  policy.max_groups = c.group.max_groups;
  policy.max_devices = c.group.max_devices;
  policy.require_ids = c.group.require_ids;
  policy.strangers_may_join = c.group.strangers_may_join;
  policy.wait_for_first_joiner = c.group.wait_for_first_joiner;
  policy.session_expires = c.group.session_expires;
  policy.invitation_patience = milliseconds(c.group.invitation_timeout);
  policy.administrators = c.group.administrators;
  policy.creator_may_remove = c.group.creator_may_remove;
  policy.max_invitations_by_refer = c.group.invitations_by_refer;
  policy.refer_period = milliseconds(c.group.refer_period);
  policy.max_referrals = c.group.max_referrals;
  policy.allow_anonymity = c.group.allow_anonymity;
  policy.recipient_list_history = c.group.recipient_list_history;
  if (c.interworking.stub) {
    policy.interworking_uri = "sip:" + c.interworking.listen + ";transport=tcp;lr";
  }
  if (!c.group.interworking.empty()) policy.interworking_uri = c.group.interworking;
  policy.not_cpm_statuses.assign(c.group.not_cpm_statuses.begin(), c.group.not_cpm_statuses.end());
  policy.release_when_creator_leaves = c.group.release_when_creator_leaves;
  policy.min_joined = c.group.min_joined;
  policy.min_members = c.group.min_members;
  policy.idle = milliseconds(c.group.idle);
  policy.longest = milliseconds(c.group.longest);
  policy.long_lived = c.group.long_lived;
  policy.keep_state = milliseconds(c.group.keep_state);
  policy.decline_603_leaves = c.group.decline_603_leaves;
  return policy;
}

controlling::DocumentPolicy document_policy(const Configuration::PredefinedGroups& c) {
  controlling::DocumentPolicy policy;
  policy.uri_template = c.xcap;
  policy.patience = milliseconds(c.xcap_timeout);
  policy.fresh_for = milliseconds(c.fresh);
  policy.usable_for = milliseconds(c.usable);
  policy.absent_for = milliseconds(c.absent);
  policy.max_octets = c.max_document_octets;
  policy.max_cached = c.max_cached;
  policy.max_waiting = c.max_waiting;
  policy.limits.members = c.max_members;
  return policy;
}

controlling::MessagePolicy message_policy(const Configuration::Message& c) {
  return {.max_pager_octets = c.max_pager_octets,
          .max_large_octets = c.max_large_octets,
          .max_watched = c.max_watched,
          .recipient_list_history = c.recipient_list_history};
}

cpm::MediaSecurity security_of(Configuration::MediaSecurity c) {
  switch (c) {
    case Configuration::MediaSecurity::off: return cpm::MediaSecurity::off;
    case Configuration::MediaSecurity::accept: return cpm::MediaSecurity::accept;
    case Configuration::MediaSecurity::require: return cpm::MediaSecurity::require;
  }
  return cpm::MediaSecurity::off;
}

controlling::MediaPolicy media_policy(const Configuration& c) {
  controlling::MediaPolicy policy;
  policy.wrapped_types = c.group.wrapped_types;
  policy.nicknames = c.group.nicknames;
  policy.private_messages = c.group.private_messages;
  policy.echo_to_own_devices = c.group.echo_to_own_devices;
  policy.max_message_octets = c.msrp.chat_max_octets;
  policy.max_reported_messages = c.group.max_reported_messages;
  policy.max_waiting_reports = c.group.max_waiting_reports;
  policy.lost_leg_grace = milliseconds(c.group.lost_leg_grace);
  policy.address_rule =
      c.msrp.address_may_differ ? cpm::AddressRule::may_differ : cpm::AddressRule::must_match;
  policy.path_match = c.msrp.path_match == Configuration::PathMatch::strict
                          ? msrp::PathMatch::strict
                          : msrp::PathMatch::session_id;
  policy.max_chunk = c.msrp.max_chunk;
  policy.security = security_of(c.msrp.tls);
  return policy;
}

controlling::FileTransferPolicy file_transfer_policy(const Configuration& c) {
  const auto& file = c.file_transfer;
  const auto offers = [&](std::string_view service) {
    return file.enabled && std::ranges::find(file.services, service) != file.services.end();
  };
  controlling::FileTransferPolicy policy;
  policy.services = {.file_transfer = offers("ft"),
                     .thumbnail = offers("ftthumb"),
                     .store_and_forward = offers("ftstandfw")};
  policy.aim_at_device = file.aim_at_device;
  policy.invite_not_indicated =
      file.unknown_participants == Configuration::UnknownParticipants::invite;
  policy.unknown_new_contribution = file.unknown_new_contribution;
  policy.max_running_per_participant = file.max_per_participant;
  policy.max_queued_per_participant = file.queue_per_participant;
  policy.max_transfers = file.max_transfers;
  policy.max_size = file.max_size;
  policy.several_files = file.several_files == Configuration::SeveralFiles::refuse
                             ? controlling::FileTransferPolicy::SeveralFiles::refuse
                             : controlling::FileTransferPolicy::SeveralFiles::first_only;
  policy.removal_ends_files = file.removal_ends_files;
  policy.keep_wrapper = file.keep_wrapper;
  policy.answer_sender = file.originator_answer == Configuration::OriginatorAnswer::immediate
                             ? controlling::FileTransferPolicy::AnswerSender::at_once
                             : controlling::FileTransferPolicy::AnswerSender::at_first_acceptance;
  policy.acceptance_patience = milliseconds(file.answer_timeout);
  policy.begin_patience = milliseconds(file.begin_timeout);
  policy.late_join = milliseconds(file.late_join);
  policy.sender_bye_patience = milliseconds(file.originator_bye_timeout);
  policy.longest = milliseconds(file.longest);
  policy.max_kept_files = file.max_kept_files;
  policy.max_kept_octets = file.max_kept_octets;
  policy.keep_files = milliseconds(file.keep_files);
  policy.receiver_retries = file.receiver_retries;
  policy.receiver_retry_delay = milliseconds(file.receiver_retry_delay);
  return policy;
}

msrp::EndpointSettings media_settings(const Configuration& c) {
  msrp::EndpointSettings settings;
  settings.bind_timeout = milliseconds(c.msrp.bind_timeout);
  settings.transaction_timeout = milliseconds(c.msrp.transaction_timeout);
  settings.relay_max_chunk = c.msrp.relay_max_chunk;
  settings.header_timeout = milliseconds(c.msrp.header_timeout);
  settings.stall_timeout = milliseconds(c.msrp.stall_timeout);
  settings.floor_octets = c.msrp.floor_octets;
  settings.floor_time = milliseconds(c.msrp.floor_time);
  settings.keep_alive = milliseconds(c.msrp.keep_alive);
  settings.incomplete_timeout = milliseconds(c.msrp.incomplete_timeout);
  settings.max_outstanding = c.msrp.max_outstanding;
  settings.max_incoming_messages = c.msrp.max_incoming_messages;
  settings.max_unbound = c.msrp.max_unbound;
  settings.max_unbound_per_source = c.msrp.max_unbound_per_source;
  settings.backlog_octets = c.msrp.backlog_octets;
  settings.backlog_messages = c.msrp.backlog_messages;
  return settings;
}

registrar::Settings registrar_settings(const Configuration& c) {
  registrar::Settings settings;
  settings.domain = c.sip.domain;
  settings.authentication.realm = c.registrar.realm.empty() ? c.sip.domain : c.registrar.realm;
  settings.authentication.open = c.registrar.open;
  settings.authentication.nonce_age = c.registrar.nonce_age;
  settings.authentication.failures_per_source = c.registrar.failures_per_source;
  for (const auto& user : c.registrar.users)
    settings.authentication.users.push_back(
        {.address = user.address, .password = user.password, .display = user.display});
  settings.min_expires = c.registrar.min_expires;
  settings.default_expires = c.registrar.default_expires;
  settings.max_expires = c.registrar.max_expires;
  settings.service_uris = {with_domain(c, c.group.factory)};
  if (!c.group.closed_factory.empty())
    settings.service_uris.push_back(with_domain(c, c.group.closed_factory));
  settings.service_hosts = {with_domain(c, c.group.focus_host)};
  for (const auto& host : c.predefined_groups.hosts) {
    settings.service_hosts.push_back(with_domain(c, host));
  }
  settings.layer.max_transactions = c.sip.max_transactions;
  return settings;
}

participating::MediaPolicy relay_policy(const Configuration& c) {
  participating::MediaPolicy policy;
  policy.endpoint = media_settings(c);
  policy.path_match = c.msrp.path_match == Configuration::PathMatch::strict
                          ? msrp::PathMatch::strict
                          : msrp::PathMatch::session_id;
  policy.max_chunk = c.msrp.max_chunk;
  policy.max_lines = c.participating.max_media;
  policy.max_message_octets = c.msrp.chat_max_octets;
  policy.max_file_octets = c.file_transfer.max_size;
  return policy;
}

participating::Settings participating_settings(const Configuration& c) {
  participating::Settings settings;
  settings.uri = with_domain(c, c.participating.uri);
  for (const auto& domain : c.participating.domains)
    settings.domains.push_back(with_domain(c, domain));
  settings.max_calls = c.participating.max_calls;
  settings.max_forks = c.participating.max_forks;
  settings.invitation_patience = milliseconds(c.participating.invitation_timeout);
  settings.idle_dialog = milliseconds(c.participating.idle_dialog);
  settings.preferences.offline_storage = c.participating.offline_storage;
  settings.preferences.delivery = c.participating.delivery == Configuration::Delivery::defer
                                      ? participating::Delivery::defer
                                      : participating::Delivery::refuse;
  auto& deferral = settings.deferral;
  deferral.is_durable = c.state.enabled;
  deferral.ttl = c.participating.deferral_ttl;
  deferral.max_messages_of_user = c.participating.deferral_max_messages;
  deferral.max_octets_of_user = c.participating.deferral_quota;
  deferral.max_content_octets = c.participating.deferral_max_file;
  deferral.max_sessions = c.participating.deferral_max_sessions;
  deferral.max_messages = c.participating.deferral_max_total;
  deferral.retry = milliseconds(c.participating.deferral_retry);
  deferral.retry_after = c.sip.retry_after;
  const auto route = [&](const std::string& uri) {
    return uri.empty() ? std::string{} : "<" + with_domain(c, uri) + ";lr>";
  };
  deferral.report_route = route(c.participating.core_route);
  deferral.push_route = c.participating.delivery_route.empty()
                            ? deferral.report_route
                            : route(c.participating.delivery_route);
  settings.account = c.store.account;
  settings.folders.root = c.store.root;
  settings.folders.one_to_one = c.store.one_to_one == Configuration::StoreNaming::conversation_id
                                    ? store::FolderNaming::conversation_id
                                    : store::FolderNaming::other_party;
  settings.history.has_store = c.store.kind != Configuration::StoreKind::none;
  settings.history.patience = milliseconds(c.participating.history_timeout);
  settings.history.max_sessions_of_user = c.participating.max_sessions_of_user;
  settings.history.max_sessions = c.participating.max_sessions;
  settings.history.max_waiting = c.participating.max_waiting_records;
  for (const auto& host : c.predefined_groups.hosts)
    settings.history.predefined_hosts.push_back(with_domain(c, host));
  settings.history.max_file = c.participating.max_stored_file;
  settings.media = relay_policy(c);
  settings.layer.max_transactions = c.sip.max_transactions;
  return settings;
}

}  // namespace

Result<node::ServerSettings> server_settings(const Configuration& c) {
  node::ServerSettings settings;
  settings.links.limits.header_octets = c.sip.max_header_octets;
  settings.links.limits.body_octets = c.sip.max_body_octets;
  settings.links.trusted = TRY(node::TrustedPeers::parse(c.sip.trusted_peers));

  settings.policy.group = group_policy(c);
  settings.policy.media = media_policy(c);
  settings.policy.document = document_policy(c.predefined_groups);
  settings.policy.message = message_policy(c.message);
  settings.policy.information.expires = c.group.subscription_expires;
  settings.policy.information.at_most_every = milliseconds(c.group.notify_interval);
  settings.policy.information.max_subscriptions_per_member = c.group.max_subscriptions_per_member;
  settings.policy.file_transfer = file_transfer_policy(c);
  settings.policy.state = {.is_durable = c.state.enabled,
                           .patience = milliseconds(c.state.answer_timeout),
                           .retry = milliseconds(c.state.retry_interval)};
  settings.policy.retry_after = c.sip.retry_after;

  settings.controlling.layer.max_transactions = c.sip.max_transactions;
  settings.controlling.max_dialogs = c.sip.max_dialogs;
  settings.controlling.min_se = c.sip.min_se;
  if (!c.sip.outbound_proxy.empty()) {
    const auto proxy = TRY(sip::parse_uri(c.sip.outbound_proxy));
    settings.controlling.outbound = TRY(sip::destination_of(proxy));
  }
  settings.media = media_settings(c);
  if (c.registrar.enabled) settings.registrar = registrar_settings(c);
  if (c.participating.enabled) settings.participating = participating_settings(c);
  return settings;
}

}  // namespace convene::apps
