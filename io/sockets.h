#pragma once

#include <cstdint>

#include "base/result.h"
#include "io/file_descriptor.h"
#include "io/socket_address.h"

namespace convene::io {

// All sockets are non-blocking and closed on exec. Errors: Fault::closed, with the system's words.

// A bound UDP socket with kernel buffers of about `buffer_octets`, that hears of ICMP errors. Port
// 0: any.
Result<FileDescriptor> bind_datagrams(const SocketAddress& address, int buffer_octets);

// A listening TCP socket. Port 0: any. IPv6 listens for IPv6 only.
Result<FileDescriptor> listen_streams(const SocketAddress& address);

SocketAddress local_address(int fd);

// Begins to connect; the socket becomes writable when that has ended: see connect_result().
Result<FileDescriptor> begin_connect(const SocketAddress& address);
Result<> connect_result(int fd);

enum class StreamUse { signalling, media };
// TCP_NODELAY and keep-alive; for media TCP_NOTSENT_LOWAT, so that what is urgent overtakes what
// waits in the kernel.
void tune_stream(int fd, StreamUse use);

}  // namespace convene::io
