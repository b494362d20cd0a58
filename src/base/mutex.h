// A mutex that clang's thread-safety analysis understands: `GUARDED_BY(mutex_)` on a field makes an
// unlocked access a compile error there (-Wthread-safety); under GCC it is a comment.
#pragma once

#include <mutex>

#if defined(__clang__)
#define HALLMARK_THREAD(attribute) __attribute__((attribute))
#else
#define HALLMARK_THREAD(attribute)
#endif
#define GUARDED_BY(mutex) HALLMARK_THREAD(guarded_by(mutex))
#define REQUIRES_LOCK(mutex) HALLMARK_THREAD(requires_capability(mutex))

namespace hallmark {

class HALLMARK_THREAD(capability("mutex")) Mutex {
 public:
  void lock() HALLMARK_THREAD(acquire_capability()) { mutex_.lock(); }
  void unlock() HALLMARK_THREAD(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class HALLMARK_THREAD(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) HALLMARK_THREAD(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() HALLMARK_THREAD(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace hallmark
