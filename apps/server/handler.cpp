#include "server/handler.hpp"

#include "server/problem.hpp"

#include <atomic>

namespace caveat::server {

struct Reply::State {
  explicit State(std::function<void(Response)> to) : deliver(std::move(to)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { answer(problem(500, "internal", "the service failed; nothing was evaluated")); }

  void answer(Response response) {
    if (!answered.exchange(true)) deliver(std::move(response));
  }

  std::function<void(Response)> deliver;
  std::atomic<bool> answered{false};
};

Reply::Reply(std::function<void(Response)> deliver) : state_(std::make_shared<State>(std::move(deliver))) {}

void Reply::operator()(Response response) const { state_->answer(std::move(response)); }

}  // namespace caveat::server
