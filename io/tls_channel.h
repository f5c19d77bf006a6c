#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/channel.h"

struct ssl_st;

namespace convene::io {

std::string openssl_error();  // what OpenSSL has to say, and forgets then

// What the channels of one thread share, so that those that stand still hold no buffer.
class TlsBuffers {
 public:
  static constexpr std::size_t staged_octets = 65'536;

  std::span<char> staging();
  std::vector<char> take_sealed();  // empty, with room for what was staged
  void give_back(std::vector<char> sealed);

 private:
  static constexpr std::size_t max_kept = 32;
  std::vector<char> staging_;
  std::vector<std::vector<char>> sealed_;
};

// TLS over a non-blocking socket. OpenSSL writes its records into memory: whole ones of 16 kB, and
// what comes of one staging leaves in one system call.
class TlsChannel final : public Channel {
 public:
  struct FreeConnection {
    void operator()(ssl_st* connection) const;
  };
  using Connection = std::unique_ptr<ssl_st, FreeConnection>;

  // `peer_name`: what the certificate has to name; nothing: not asked.
  TlsChannel(Connection connection, int fd, std::optional<std::string> peer_name,
             std::shared_ptr<TlsBuffers> buffers);
  ~TlsChannel() override;

  Transfer handshake() override;
  Transfer read(std::span<std::byte> room) override;
  bool has_read_ahead() const override;
  std::optional<std::span<char>> staging() override;
  Transfer write(std::span<const iovec> octets) override;
  void shut_down() override;
  std::string peer_certificate() const override;

 private:
  // A peer that makes us say so much without reading it is no peer.
  static constexpr std::size_t max_unread_answers = 65'536;

  friend struct TlsWire;
  Transfer stopped(int outcome);
  Transfer flush();  // `moved` when nothing sealed is left
  void seal(const char* octets, std::size_t count);
  bool has_sealed() const { return sent_ < sealed_.size(); }

  Connection connection_;
  int fd_;
  std::optional<std::string> peer_name_;
  std::shared_ptr<TlsBuffers> buffers_;
  std::vector<char> sealed_;  // records, of which the first `sent_` octets have left
  std::size_t sent_ = 0;
  std::size_t staged_ = 0;       // octets of the user's that they hold
  std::optional<Transfer> end_;  // nothing more can be read
};

}  // namespace convene::io
