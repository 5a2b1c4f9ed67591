// What the transport asks, and how it is answered: the border between sockets and everything else.
#pragma once

#include "server/http.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace caveat::server {

/// Where the answer to one request goes. Copies are the same: the first call counts, from any thread. When the last
/// copy goes without a call, the client is told that the service failed: no request is ever left waiting.
class Reply {
 public:
  explicit Reply(std::function<void(Response)> deliver);
  void operator()(Response response) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// What happens to connections, for who counts it.
enum class Traffic : std::uint8_t {
  kOpened,
  kClosed,
  kTurnedAway,  ///< there were too many
  kRefused,     ///< a request that was not handed over
  kCutOff,      ///< a client that was too slow
};

/// Answers requests. Any thread may call it, several at once.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Looks at a request before its body is read. An answer refuses it: then its body is not read, and the connection
  /// ends.
  virtual std::optional<Response> admit(const Request& head) = 0;
  /// Answers what was admitted: at once, or later from another thread. Called on a thread that serves connections,
  /// which it must not hold up.
  virtual void handle(Request request, Reply reply) = 0;
  /// Adds to an answer that the transport gives by itself what all answers have. Of `head` only what was read is there.
  virtual void dress(const Request& head, Response& response) = 0;
  virtual void note(Traffic traffic) = 0;
};

}  // namespace caveat::server
