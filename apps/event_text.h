#pragma once

#include <string>

#include "client/event.h"

namespace convene::apps {

// What happened, for programs: one line of JSON. The names are those of docs/convene-command.md.
std::string json_of(const client::Event& event);

// The same for people: one line without its end, the words of others made printable. Empty: nothing
// worth a line.
std::string text_of(const client::Event& event);

// "Alice", "bob@ims.example", "somebody": as short as it can be told.
std::string name_of(const client::Person& person);

std::string_view name_of(client::EndReason reason);
std::string_view name_of(client::Participant::State state);

}  // namespace convene::apps
