#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "io/loop.h"

namespace convene::io {

struct HttpRequest {
  std::string uri;        // http://host[:port]/path
  std::string etag = {};  // If-None-Match; empty: none
  Duration patience{5'000};
  std::size_t max_octets = 262'144;  // of the answer's body
};

struct HttpAnswer {
  int status = 0;
  std::string etag;  // empty: none
  std::string body;
};

// One GET of HTTP/1.1, over a connection of its own. Calls `done` once, later, unless it is
// destroyed before. Fault::unsupported: no http URI; Fault::not_found, Fault::closed: nobody there;
// Fault::timed_out; Fault::too_large; Fault::malformed: no HTTP.
class HttpGet {
 public:
  using Done = std::move_only_function<void(Result<HttpAnswer>)>;
  HttpGet(Loop& loop, HttpRequest request, Done done);
  ~HttpGet();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::io
