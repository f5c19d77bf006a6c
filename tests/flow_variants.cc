#include "tests/flow_scene.h"

namespace convene::tests {

namespace {

constexpr std::string_view proxied = "TCP HOST;branch={branch}";
constexpr std::string_view route_of_pf = "<sip:HOST;transport=tcp;lr>";

constexpr Variant variants[] = {
    {.flows = "f1-1 f1-2 f1-6 f1-7 f1-8 f1-9 f3-1 f3-5",
     .fact = "Allow",
     .flow_says = "ACK, BYE, CANCEL, INVITE, MESSAGE, NOTIFY, OPTIONS, REFER, UPDATE",
     .we_say = "ACK, BYE, CANCEL, INVITE, MESSAGE, NOTIFY, OPTIONS, UPDATE",
     .why = "Nobody asks a client to refer: our client does not take REFER, and says so."},

    {.flows = "f1-3 f1-5 f3-2 f3-3 f3-4 f3-7",
     .fact = "Allow",
     .flow_says = "ACK, BYE, CANCEL, INVITE, MESSAGE, NOTIFY, OPTIONS, REFER, UPDATE",
     .we_say = "ACK, BYE, CANCEL, INVITE, MESSAGE, OPTIONS, SUBSCRIBE, UPDATE",
     .why = "The focus takes no REFER and is told nothing by NOTIFY; SUBSCRIBE it does take."},

    // The registrar is a proxy (RFC 3261 16); the participating functions of the flows are two user
    // agents back to back, so that each leg begins anew.
    {.flows = "f1-2 f1-4 f1-12 f3-1 f3-12 f3-14 f5-1",
     .fact = "Max-Forwards",
     .flow_says = "70",
     .we_say = "69",
     .why = "A proxy counts down."},
    {.flows = "f1-2 f1-3 f1-4 f1-12 f3-1 f3-7 f3-12 f3-14 f5-1 f5-2 f11-4 f11-5",
     .fact = "Via (2)",
     .flow_says = "nothing",
     .we_say = proxied,
     .why = "A proxy leaves the Via of the client below its own."},
    {.flows = "f1-12",
     .fact = "Record-Route",
     .flow_says = "nothing",
     .we_say = route_of_pf,
     .why = "A proxy that stays on the path of a dialog says so; the flow leaves it out."},
    {.flows = "f1-13 f5-3",
     .fact = "Route",
     .flow_says = "nothing",
     .we_say = route_of_pf,
     .why = "... and the NOTIFY of that dialog goes through it."},

    {.flows = "f3-6",
     .fact = "P-Asserted-Identity",
     .flow_says = "nothing",
     .we_say = "<sip:erin@example.com>",
     .why = "RFC 3325 5: the registrar says who answered, also when the answer is no."},
    {.flows = "f3-12 f5-1",
     .fact = "P-Asserted-Identity",
     .flow_says = "nothing",
     .we_say = "\"Alice\" <sip:alice@example.com>",
     .why = "... and who asks, also in a dialog."},

    {.flows = "f1-13",
     .fact = "conference user sip:erin@example.com endpoint sip:erin@example.com status",
     .flow_says = "pending",
     .we_say = "alerting",
     .why = "RFC 4575 5.7.2: erin's device has answered 180; in the flow it has said nothing yet."},
    {.flows = "f2-4",
     .fact = "cpim To",
     .flow_says = "<sip:alice@example.com>",
     .we_say = "\"Alice\" <sip:alice@example.com>",
     .why =
         "RFC 5438 7.2.1.1: a report goes to the From of its message, as it was; so does F3.14."},
    {.flows = "f3-3",
     .fact = "Accept-Contact (2)",
     .flow_says = "nothing",
     .we_say = "*;+sip.instance=<urn:uuid:00000000-0000-1000-8000-000000000003>;explicit;require",
     .why = "R3.4: the flow aims at bob's device only; we aim at carol's, too."},
    {.flows = "f3-4",
     .fact = "Contact",
     .flow_says = "<sip:{focus leg}@cf.example.com;transport=tcp>",
     .we_say = "<sip:{focus leg}@cf.example.com>",
     .why =
         "All URIs of the focus have the same parameters, here none: GroupPolicy::focus_params."},
    {.flows = "f3-8 f3-10",
     .fact = "Success-Report",
     .flow_says = "no",
     .we_say = "nothing",
     .why = "RFC 4975 7.1.2: absent means no."},

    // How a file ends in its middle: with a chunk of its own that has no octets, since what we send
    // by 2,048 octets is never interrupted (RFC 4975 5.1).
    {.flows = "f11-2",
     .fact = "Byte-Range",
     .flow_says = "1-*/65",
     .we_say = "41-*/65",
     .why = "The first half has been sent as a chunk; the end comes after it."},
    {.flows = "f11-2",
     .fact = "body",
     .flow_says = "Trail plan",
     .we_say = "",
     .why = "... without octets."},
    {.flows = "f11-3", .fact = "body", .flow_says = ", bring wa", .we_say = "", .why = "The same."},
    {.flows = "f11-2 f11-3",
     .fact = "Failure-Report",
     .flow_says = "nothing",
     .we_say = "yes",
     .why = "RFC 4975 7.1: what is asked for is the same in all chunks of a message."},
};

}  // namespace

std::span<const Variant> known_variants() { return variants; }

}  // namespace convene::tests
