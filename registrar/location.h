#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sip/hop.h"
#include "sip/name_addr.h"

namespace convene::registrar {

// Where a user can be reached: one Contact of a REGISTER. RFC 3261 10.
struct Binding {
  sip::NameAddr contact;  // with its feature tags and +sip.instance
  std::string call_id;
  std::uint32_t cseq = 0;
  TimePoint expires;
  sip::Source source;  // the REGISTER came over this flow: requests go back over it

  // Where a request to this contact goes.
  sip::Destination destination() const;
};

// The bindings of all users of the domain, by address of record.
class Location {
 public:
  static constexpr std::size_t max_bindings_per_user = 16;

  // Adds, refreshes (same Contact URI, or same +sip.instance) or removes (`expires` not after
  // `now`) one binding. Fault::out_of_order: an older CSeq of the same Call-ID. Fault::too_large:
  // too many bindings.
  Result<> update(std::string_view address_of_record, Binding binding, TimePoint now);
  void remove_all(std::string_view address_of_record);

  // The bindings that have not expired, newest first.
  std::vector<Binding> bindings(std::string_view address_of_record, TimePoint now) const;

  // Whose contact this URI is, and its binding: for requests inside dialogs, which go to a Contact
  // URI.
  struct Owner {
    std::string address_of_record;
    Binding binding;
  };
  std::optional<Owner> owner_of(const sip::Uri& contact, TimePoint now) const;
  // Who registered over this flow (UDP: from this address).
  std::optional<std::string> registered_over(const sip::Source& source,
                                             std::string_view address_of_record,
                                             TimePoint now) const;

  void expire(TimePoint now);
  Deadline deadline() const;  // may be early: a refreshed binding leaves its old deadline behind
  std::size_t users() const { return users_.size(); }

 private:
  std::map<std::string, std::vector<Binding>, std::less<>> users_;
  std::map<std::string, std::string, std::less<>>
      user_of_contact_;  // user@host:port of a Contact: address of record
  std::multimap<TimePoint, std::string> expiries_;  // address of record
};

}  // namespace convene::registrar
