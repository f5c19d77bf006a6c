// What test_disk.h declares: a file system of SQLite's over the usual one.
#include <sqlite3.h>

#include <cassert>

#include "io/test_disk.h"

namespace convene::io {

namespace {

constexpr const char* name = "convene-test";

TestDisk* the_disk = nullptr;
sqlite3_vfs* the_usual = nullptr;

struct File {  // the usual file lies behind it
  sqlite3_file base;
  sqlite3_file* usual() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

const sqlite3_io_methods* methods_of(sqlite3_file* file) { return file_of(file).usual()->pMethods; }

int write(sqlite3_file* file, const void* octets, int count, sqlite3_int64 offset) {
  if (const int verdict = the_disk->verdict(false); verdict != SQLITE_OK) return verdict;
  return methods_of(file)->xWrite(file_of(file).usual(), octets, count, offset);
}
int sync(sqlite3_file* file, int flags) {
  if (const int verdict = the_disk->verdict(true); verdict != SQLITE_OK) return verdict;
  return methods_of(file)->xSync(file_of(file).usual(), flags);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const int verdict = the_disk->verdict(false); verdict != SQLITE_OK) return verdict;
  return methods_of(file)->xTruncate(file_of(file).usual(), size);
}

// Passes a call on to the usual file.
template <auto Method, class... Arguments>
int pass(sqlite3_file* file, Arguments... arguments) {
  return (methods_of(file)->*Method)(file_of(file).usual(), arguments...);
}
void barrier(sqlite3_file* file) { methods_of(file)->xShmBarrier(file_of(file).usual()); }

using Methods = sqlite3_io_methods;
constexpr Methods methods{
    .iVersion = 2,
    .xClose = [](sqlite3_file* file) { return pass<&Methods::xClose>(file); },
    .xRead = [](sqlite3_file* file, void* octets, int count,
                sqlite3_int64 at) { return pass<&Methods::xRead>(file, octets, count, at); },
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = [](sqlite3_file* file,
                    sqlite3_int64* size) { return pass<&Methods::xFileSize>(file, size); },
    .xLock = [](sqlite3_file* file, int how) { return pass<&Methods::xLock>(file, how); },
    .xUnlock = [](sqlite3_file* file, int how) { return pass<&Methods::xUnlock>(file, how); },
    .xCheckReservedLock = [](sqlite3_file* file,
                             int* is) { return pass<&Methods::xCheckReservedLock>(file, is); },
    .xFileControl = [](sqlite3_file* file, int what,
                       void* value) { return pass<&Methods::xFileControl>(file, what, value); },
    .xSectorSize = [](sqlite3_file* file) { return pass<&Methods::xSectorSize>(file); },
    .xDeviceCharacteristics =
        [](sqlite3_file* file) { return pass<&Methods::xDeviceCharacteristics>(file); },
    .xShmMap =
        [](sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
          return pass<&Methods::xShmMap>(file, page, size, extend, memory);
        },
    .xShmLock = [](sqlite3_file* file, int offset, int count,
                   int flags) { return pass<&Methods::xShmLock>(file, offset, count, flags); },
    .xShmBarrier = barrier,
    .xShmUnmap = [](sqlite3_file* file,
                    int remove) { return pass<&Methods::xShmUnmap>(file, remove); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* opened) {
  auto& ours = file_of(file);
  ours.base.pMethods = nullptr;
  const int code = the_usual->xOpen(the_usual, path, ours.usual(), flags, opened);
  if (ours.usual()->pMethods) ours.base.pMethods = &methods;
  return code;
}

sqlite3_vfs our_files;

}  // namespace

TestDisk::TestDisk() {
  assert(!the_disk);
  the_disk = this;
  the_usual = sqlite3_vfs_find(nullptr);
  our_files = *the_usual;
  our_files.zName = name;
  our_files.szOsFile = static_cast<int>(sizeof(File)) + the_usual->szOsFile;
  our_files.xOpen = open;
  sqlite3_vfs_register(&our_files, 1);
}

TestDisk::~TestDisk() {
  sqlite3_vfs_unregister(&our_files);
  the_disk = nullptr;
}

void TestDisk::fail_once(Fault fault, std::size_t n) {
  once_ = fault;
  once_at_ = calls_ + n;
}

int TestDisk::verdict(bool is_sync) {
  const auto fault = ++calls_ == once_at_ ? once_.load() : fault_.load();
  switch (fault) {
    case Fault::nothing: return SQLITE_OK;
    case Fault::full: return is_sync ? SQLITE_OK : SQLITE_FULL;
    case Fault::read_only: return is_sync ? SQLITE_OK : SQLITE_IOERR_WRITE;
    case Fault::sync: return is_sync ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  }
  return SQLITE_OK;
}

}  // namespace convene::io
