#pragma once

#include "base/result.h"

namespace convene::apps {

// How a command of `convene` ended: its exit status. docs/convene-command.md
namespace exit_status {
inline constexpr int fine = 0;
inline constexpr int cannot_start = 1;     // no socket, no directory
inline constexpr int bad_usage = 2;        // options that make no sense
inline constexpr int not_registered = 3;   // the registrar refused, or did not answer
inline constexpr int not_joined = 4;       // no group, or nobody in it
inline constexpr int not_sent = 5;         // a file or a message did not arrive
inline constexpr int not_as_expected = 6;  // a scenario's step failed
inline constexpr int interrupted = 130;    // Ctrl-C
}  // namespace exit_status

// Of a command that either did what it should or says on stderr why not.
int exit_status_of(const Result<>& outcome);

}  // namespace convene::apps
