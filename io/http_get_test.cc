#include "io/http_get.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <optional>
#include <string>

#include "io/listener.h"
#include "io/sockets.h"

namespace convene::io {
namespace {

using testing::HasSubstr;
using testing::Not;

// A server of one answer, on a port of this machine.
struct HttpGetTest : testing::Test {
  HttpGetTest() {
    auto socket = listen_streams(*numeric_address("127.0.0.1", 0));
    port = host_port_of(local_address(socket->get())).port;
    listener.emplace(loop, std::move(*socket), log,
                     [this](FileDescriptor accepted, const SocketAddress&) {
                       peer.emplace(loop, std::move(accepted));
                       peer->when_readable([this] { serve(); });
                     });
  }
  void serve() {
    std::array<char, 4'096> octets{};
    const auto count = ::recv(peer->fd(), octets.data(), octets.size(), 0);
    if (count > 0) asked.append(octets.data(), static_cast<std::size_t>(count));
    if (!asked.contains("\r\n\r\n")) return peer->when_readable([this] { serve(); });
    for (const auto& piece : answer) {
      (void)::send(peer->fd(), piece.data(), piece.size(), MSG_NOSIGNAL);
    }
    if (closes) peer.reset();
  }
  Result<HttpAnswer> get(HttpRequest request) {
    if (request.uri.empty()) {
      request.uri = "http://127.0.0.1:" + std::to_string(port) + "/xcap-root/x";
    }
    std::optional<Result<HttpAnswer>> got;
    const HttpGet running{loop, std::move(request),
                          [&](Result<HttpAnswer> result) { got = std::move(result); }};
    loop.run_until([&] { return got.has_value(); });
    return got ? *std::move(got) : fail(Fault::timed_out, "the test waited in vain");
  }
  Fault fault(HttpRequest request = {}) { return get(std::move(request)).error().fault; }

  Loop loop;
  SilentLog log;
  std::uint16_t port = 0;
  std::optional<Listener> listener;
  std::optional<Watched> peer;
  std::string asked;
  std::vector<std::string> answer;
  bool closes = false;
};

// RFC 9110 9.3.1
TEST_F(HttpGetTest, brings_what_is_there) {
  answer = {"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 5\r\n\r\nhe", "llo"};
  const auto got = get({});
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->etag, "\"v1\"");
  EXPECT_EQ(got->body, "hello");
  EXPECT_THAT(asked, HasSubstr("GET /xcap-root/x HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(asked, Not(HasSubstr("If-None-Match")));
}

// RFC 9110 13.1.2
TEST_F(HttpGetTest, asks_only_for_what_has_changed) {
  answer = {"HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n"};
  EXPECT_EQ(get({.uri = {}, .etag = "\"v1\""})->status, 304);
  EXPECT_THAT(asked, HasSubstr("If-None-Match: \"v1\"\r\n"));
}

// RFC 9112 7.1, 6.3
TEST_F(HttpGetTest, reads_chunks_and_what_the_end_of_the_connection_ends) {
  answer = {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"};
  EXPECT_EQ(get({})->body, "hello");
  asked.clear();
  closes = true;
  answer = {"HTTP/1.0 200 OK\r\n\r\n", "hello"};
  EXPECT_EQ(get({})->body, "hello");
}

TEST_F(HttpGetTest, takes_no_more_than_it_should) {
  answer = {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"};
  EXPECT_EQ(fault({.uri = {}, .etag = {}, .max_octets = 4}), Fault::too_large);
}

TEST_F(HttpGetTest, fails_when_the_other_side_speaks_no_http) {
  answer = {"SIP/2.0 200 OK\r\n\r\n"};
  EXPECT_EQ(fault(), Fault::malformed);
}

TEST_F(HttpGetTest, fails_when_the_answer_breaks_off) {
  closes = true;
  answer = {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"};
  EXPECT_FALSE(get({}));
}

TEST_F(HttpGetTest, fails_when_nobody_answers) {
  EXPECT_EQ(fault({.uri = {}, .etag = {}, .patience = Duration{50}}), Fault::timed_out);
}

TEST_F(HttpGetTest, fails_when_nobody_listens) {
  listener.reset();
  EXPECT_EQ(fault(), Fault::closed);
}

TEST_F(HttpGetTest, knows_http_alone) {
  EXPECT_EQ(fault({.uri = "https://127.0.0.1/"}), Fault::unsupported);
  EXPECT_EQ(fault({.uri = "http://"}), Fault::malformed);
  EXPECT_EQ(fault({.uri = "http://127.0.0.1/a b"}), Fault::malformed);
}

}  // namespace
}  // namespace convene::io
