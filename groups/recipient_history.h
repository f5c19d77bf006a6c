#pragma once

#include "groups/resource_list.h"

namespace convene::groups {

// What the receivers of a copy are told about each other: the "to" and "cc" entries; those that
// are to be anonymous become one sip:anonymous@anonymous.invalid with a count for each of the two,
// "bcc" is left out. RFC 5364 4, 5. No entries: there is nothing to tell.
ResourceList history_of(const ResourceList& recipients);

}  // namespace convene::groups
