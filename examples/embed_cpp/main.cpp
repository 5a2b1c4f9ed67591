// Caveat inside another program, on one page: load once, evaluate many profiles, show what was found and why.
//
//   embed_cpp RULES PLUGINS PROFILE.json [TIME]
#include <caveat/caveat.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

// An Error lists everything that was wrong, each with its place: show all of it, not only the first.
int report(const caveat::Error& error) {
  for (const auto& diagnostic : error.diagnostics) std::cerr << caveat::to_string(diagnostic) << '\n';
  return 1;
}

std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A disposition is not a verdict: none of the four says "approved". What is unknown stays unknown.
void show(const caveat::Evaluation& evaluation) {
  std::cout << "disposition: " << caveat::to_string(evaluation.disposition()) << '\n'
            << "complete: " << (evaluation.complete() ? "yes" : "no") << '\n'
            << evaluation.summary() << "\n\n";
  for (const auto& advisory : evaluation.advisories()) {
    std::cout << '[' << advisory.severity << "] " << advisory.id << " (" << advisory.status << ")\n  " << advisory.title
              << '\n';
  }
  std::cout << '\n' << evaluation.deferral() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: embed_cpp RULES PLUGINS PROFILE.json [TIME]\n";
    return 2;
  }

  // All or nothing: an engine with half of its rules would be silent about the other half. Share it between threads.
  const auto engine = caveat::Engine::load({.rules = argv[1], .plugins = argv[2]});
  if (!engine) return report(engine.error());

  const auto profile = caveat::Profile::from_text(read(argv[3]), engine->vocabulary(), {.file = argv[3]});
  if (!profile) return report(profile.error());

  // The time is an input, so that the same evaluation can be repeated later, to the byte.
  const caveat::Instant at = argc > 4 ? caveat::Instant{argv[4]} : caveat::now();
  const caveat::Evaluation evaluation = engine->evaluate(*profile, {.at = at});
  if (const caveat::Error* error = evaluation.error()) return report(*error);

  show(evaluation);  // or evaluation.to_text(), .to_markdown(), .to_json(): the whole, with every reason
  return 0;
}
