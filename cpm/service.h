#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.h"
#include "sip/params.h"

namespace convene::cpm {

// ICSIs: which service.
namespace icsi {
inline constexpr std::string_view message = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg";
inline constexpr std::string_view large_message =
    "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg";
inline constexpr std::string_view session = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.session";
inline constexpr std::string_view file_transfer =
    "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.filetransfer";
inline constexpr std::string_view deferred = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.deferred";
}  // namespace icsi

// IARIs: which feature of an application. The branches rcse and rcs differ on purpose (A3).
namespace iari {
inline constexpr std::string_view chat = "urn:urn-7:3gpp-application.ims.iari.rcse.im";
inline constexpr std::string_view file_transfer = "urn:urn-7:3gpp-application.ims.iari.rcse.ft";
inline constexpr std::string_view thumbnail = "urn:urn-7:3gpp-application.ims.iari.rcs.ftthumb";
inline constexpr std::string_view store_and_forward =
    "urn:urn-7:3gpp-application.ims.iari.rcs.ftstandfw";
}  // namespace iari

inline constexpr std::string_view icsi_tag = "+g.3gpp.icsi-ref";
inline constexpr std::string_view iari_tag = "+g.3gpp.iari-ref";

enum class Service { unknown, message, large_message, session, file_transfer, deferred };

// What an initial request is for: its Accept-Contact decides, then its Contact, then whether its
// SDP selects a file. P-Preferred-Service and P-Asserted-Service have no say (A7).
Service service_of(const sip::Message& request);

// Of one ICSI, also in its ".group" variant (G-42). Whole URNs: "...cpm.session" is no prefix here.
Service service_of_icsi(std::string_view urn);

// The URNs of a feature tag: all its comma lists, decoded (3GPP TS 24.229 7.2A.8.2), in order. A
// tag that repeats, and one that was never encoded, are read too (A2).
std::vector<std::string> urns_of(const sip::Params& params, std::string_view tag);

// "urn%3Aurn-7%3A3gpp-service...": how a feature tag writes a URN.
std::string encoded_urn(std::string_view urn);

// `*;+g.3gpp.icsi-ref="urn%3Aurn-7%3A..."`
std::string accept_contact(std::string_view icsi);

// `*;+sip.instance="<urn:uuid:...>";require;explicit`: only this device.
std::string accept_contact_of_instance(std::string_view instance);

// Whether an Accept-Contact of the request holds the ICSI.
bool accepts_contact_of(const sip::Message& request, std::string_view icsi);

}  // namespace convene::cpm
