#include <caveat/caveat.hpp>

#include <mutex>

namespace caveat {

// A mutex held for one copy of a pointer: the standard's atomic one is a spin lock, too, and no checker sees through
// it.
struct EngineHandle::Impl {
  explicit Impl(Engine first) : engine(std::move(first)) {}
  mutable std::mutex mutex;
  Engine engine;
};

EngineHandle::EngineHandle(Engine engine) : impl_(std::make_unique<Impl>(std::move(engine))) {}
EngineHandle::EngineHandle(EngineHandle&&) noexcept = default;
EngineHandle& EngineHandle::operator=(EngineHandle&&) noexcept = default;
EngineHandle::~EngineHandle() = default;

Engine EngineHandle::get() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->engine;
}

void EngineHandle::replace(Engine engine) {
  {
    const std::scoped_lock lock(impl_->mutex);
    std::swap(impl_->engine, engine);
  }
  // The old one ends here, outside the lock, unless somebody still evaluates with it.
}

Result<void> EngineHandle::reload(const EngineOptions& options) {
  auto loaded = Engine::load(options);
  if (!loaded) return tl::unexpected(std::move(loaded.error()));
  replace(*std::move(loaded));
  return {};
}

}  // namespace caveat
