#include "controlling/group_session.h"
#include "cpm/identity.h"

namespace convene::controlling {

// R1.19, G-36: from now on, and for as long as the group knows it, a pseudonym stands for the
// member. Documents that say what changed would say who became anonymous-1; so all are told anew.
void GroupSession::hide(Turn& turn, Member& member) {
  if (!member.pseudonym.empty()) return;
  member.pseudonym = cpm::pseudonym(++pseudonyms_, turn.policy.group.focus_host);
  turn.world.log.info("controlling", "9.2.10 a member is anonymous",
                      {{"contribution", id_text()}, {"who", masked(member.address)}});
  information_.renamed(member.address, member.pseudonym);
}

// Where members may be anonymous, nobody is named before they have said whether they are.
bool GroupSession::is_shown(const Turn& turn, const Member& member) const {
  return member.has_answered || !member.pseudonym.empty() ||
         !allows_anonymity(turn, member.address);
}

// G-36: Referred-By names nobody who is anonymous.
std::string GroupSession::shown_inviter(const Turn& turn, const sip::NameAddr& inviter) const {
  const auto* one = known(sip::address_of_record(inviter.uri));
  if (one && !is_shown(turn, *one)) return std::string{cpm::anonymous_uri};
  return one && !one->pseudonym.empty() ? one->pseudonym : sip::to_text(inviter.uri);
}

}  // namespace convene::controlling
