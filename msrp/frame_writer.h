#pragma once

#include <string>
#include <string_view>

#include "msrp/chunk_decoder.h"
#include "msrp/head.h"

namespace convene::msrp {

// Appends a head, up to where its body begins. The order of the headers is ours; their texts are
// written as they are.
void append_head(std::string& out, const Head& head);

// Appends the end-line. RFC 4975 7.1: its CRLF comes first when there is a body.
enum class After { headers, body };
void append_end_line(std::string& out, std::string_view transaction_id, Continuation flag,
                     After after);

// A request or response without a body.
std::string bodiless(const Head& head);

// The response to a request that came with these. RFC 4975 7.2.
std::string response(std::string_view transaction_id, int status, std::string_view to_uri,
                     std::string_view from_uri);

// The comment of a status, as the standards name it; may be empty.
std::string_view comment_of(int status);

}  // namespace convene::msrp
