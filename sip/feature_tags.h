#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sip/params.h"

namespace convene::sip {

// The feature tags of a Contact, Accept-Contact or Reject-Contact value: what a user agent can do,
// or what the caller wants. RFC 3840 9, RFC 3841 9.2. Sets of whole values: "...cpm.session" is not
// in "...cpm.session.group".
//
// The values of +g.3gpp.icsi-ref and +g.3gpp.iari-ref are URNs, here decoded and lower-case:
// "urn:urn-7:3gpp-service...". Those of other tags stay as they are; a string value keeps its <>.
class FeatureTags {
 public:
  bool has(std::string_view tag) const;  // "isfocus", "+g.oma.sip-im"
  bool has(std::string_view tag,
           std::string_view value) const;  // whatever case; string values exactly
  std::span<const std::string> values(
      std::string_view tag) const;  // in the order added; valid until the set changes

  std::string_view instance() const;  // of +sip.instance, without <>: "urn:uuid:..."; empty: none

  void add(std::string_view tag);
  void add(std::string_view tag, std::string_view value);  // once, however often it is added
  void remove(std::string_view tag);

  bool empty() const { return all_.empty(); }
  bool operator==(
      const FeatureTags& other) const;  // the same tags with the same values, in any order

 private:
  friend void set_feature_tags(Params& params, const FeatureTags& tags);

  struct Tag {
    std::string name;  // lower-case
    std::vector<std::string> values;
  };
  const Tag* find(std::string_view tag) const;
  Tag& find_or_add(std::string_view tag);

  std::vector<Tag> all_;
};

// Those among the parameters: the base tags of RFC 3840 9 and what begins with "+". Reads comma
// lists, repeated parameters, blanks after commas, and URNs that were never encoded. A2
FeatureTags feature_tags(const Params& params);

// Puts them in the place of those that `params` has: one parameter for a tag, its values in one
// comma list. A2
void set_feature_tags(Params& params, const FeatureTags& tags);

}  // namespace convene::sip
