#include "io/kept_write.h"

#include <sys/stat.h>

#include <utility>

namespace convene::io {

namespace {

Result<KeptObject> kept_object(store::Object object, const FileBodyStore* bodies,
                               std::vector<ArrivingFile>& files) {
  KeptObject made;
  made.octets = size_of(object);
  made.flags = std::move(object.flags);
  made.imdn_message_id = std::move(object.imdn_message_id);
  for (const auto& piece : object.pieces) {
    if (const auto* text = std::get_if<std::string>(&piece)) {
      made.text += *text;
      continue;
    }
    const auto& file = std::get<store::FileContent>(piece);
    if (bodies == nullptr) return fail(Fault::unsupported, "a store without files");
    auto shared = TRY(bodies->share(file.body));
    files.push_back({.shared = std::move(shared), .octets = file.octets});
    made.files.push_back({.at = made.text.size(), .octets = file.octets});
  }
  return made;
}

}  // namespace

Result<ArrivingWrite> arriving(store::Write what, const FileBodyStore* bodies) {
  ArrivingWrite made;
  made.write.account = std::move(what.account);
  made.write.folder = to_text(what.folder);
  made.write.may_be_there = what.may_be_there;
  if (what.session_info)
    made.write.session_info = TRY(kept_object(*std::move(what.session_info), bodies, made.files));
  for (auto& object : what.objects)
    made.write.objects.push_back(TRY(kept_object(std::move(object), bodies, made.files)));
  return made;
}

Result<std::vector<ContentFiles::Incoming>> take_in(const ContentFiles& files,
                                                    const std::vector<ArrivingFile>& arriving) {
  std::vector<ContentFiles::Incoming> incoming;
  for (const auto& [shared, octets] : arriving) {
    struct stat status{};
    if (::fstat(shared.file.get(), &status) != 0 ||
        static_cast<std::uint64_t>(status.st_size) != octets)
      return fail(Fault::unsupported, "a file that is not whole");
    incoming.push_back(TRY(files.take_in(shared.file.get(), shared.keep)));
  }
  return incoming;
}

void name_files(KeptWrite& write, const std::vector<ContentFiles::Incoming>& incoming) {
  std::size_t next = 0;
  const auto name = [&](KeptObject& object) {
    for (auto& file : object.files) file.hash = incoming.at(next++).hash;
  };
  if (write.session_info) name(*write.session_info);
  for (auto& object : write.objects) name(object);
}

Result<store::Object> object_of(const KeptObject& kept, const ContentFiles& files,
                                FileBodyStore* bodies) {
  store::Object object;
  object.flags = kept.flags;
  object.imdn_message_id = kept.imdn_message_id;
  const auto give_up = [&](Error error) {
    if (bodies != nullptr) drop_files(object, *bodies);
    return std::unexpected(std::move(error));
  };
  std::size_t at = 0;
  for (const auto& file : kept.files) {
    if (bodies == nullptr) return give_up({Fault::unsupported, "a store without files"});
    const auto adopted = bodies->adopt(files.path_of(file.hash));
    if (!adopted) return give_up(adopted.error());
    object.pieces.emplace_back(kept.text.substr(at, file.at - at));
    object.pieces.emplace_back(store::FileContent{.body = adopted->body, .octets = file.octets});
    at = file.at;
    if (adopted->size != file.octets)
      return give_up({Fault::closed, "a file of another size: " + file.hash});
  }
  object.pieces.emplace_back(kept.text.substr(at));
  return object;
}

void drop_files(const store::Object& object, FileBodyStore& bodies) {
  for (const auto& piece : object.pieces)
    if (const auto* file = std::get_if<store::FileContent>(&piece)) bodies.drop(file->body);
}

}  // namespace convene::io
