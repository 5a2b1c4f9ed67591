#include "plugin_abi/said.hpp"

#include "plugin_abi/abi_struct.hpp"
#include "plugin_abi/quotas.hpp"

#include <array>

namespace caveat::wire {

namespace {

enum Kind : std::uint32_t { kAdvise = 1, kNode, kReport, kDerive, kFailProfile };

/// How much of an array or a text is there: none (a null pointer), all, or too much to be worth copying.
enum Extent : std::uint32_t { kMissing = 0, kWhole, kTooMuch };

Extent extent(const void* first, std::uint64_t size, std::uint64_t most) {
  if (first == nullptr) return kMissing;
  return size > most ? kTooMuch : kWhole;
}

/// Stands for what was too much: never read, because whoever gets it refuses the size first.
constexpr char kUnread = 0;

void write_words(Writer& out, const caveat_words& words) {
  out.value(words.handle);
  const Extent own = extent(words.own.data, words.own.size, PluginQuotas::kOwnTextBytesMax);
  out.value(own);
  out.value(words.own.size);
  if (own == kWhole) out.bytes(words.own.data, words.own.size);
}

caveat_words read_words(Reader& in) {
  caveat_words words{};
  words.handle = in.value<caveat_text_id>();
  const auto own = in.value<Extent>();
  words.own.size = in.value<std::uint64_t>();
  if (own == kTooMuch) {
    words.own.data = &kUnread;
    if (words.own.size <= PluginQuotas::kOwnTextBytesMax) in.refuse();
  }
  if (own == kWhole) {
    words.own.data = reinterpret_cast<const char*>(in.array<std::byte>(words.own.size));
    if (words.own.data == nullptr) words.own.size = 0;
  }
  return words;
}

template <class T>
void write_list(Writer& out, const T* first, std::uint32_t count, std::uint32_t most) {
  const Extent there = extent(first, count, most);
  out.value(there);
  out.value(count);
  if (there == kWhole) out.bytes(first, count * sizeof(T));
}

/// Fills `list`; what points to it is the result.
template <class T, std::size_t N>
const T* read_list(Reader& in, std::array<T, N>& list, std::uint32_t& count) {
  const auto there = in.value<Extent>();
  count = in.value<std::uint32_t>();
  if (there == kMissing) return nullptr;
  for (std::uint32_t i = 0; there == kWhole && i < count && i < N; ++i) list[i] = in.value<T>();
  return list.data();
}

}  // namespace

// ---- Recording

struct Recorder::Calls {
  static Recorder& of(const caveat_sink* sink) { return *static_cast<Recorder*>(sink->host); }

  static caveat_status advise(const caveat_sink* sink, std::uint32_t row, const caveat_advice* raw) {
    return of(sink).record(kAdvise, row, [&](Writer& out) {
      out.value(std::uint32_t{raw != nullptr});
      if (raw == nullptr) return;
      const caveat_advice advice = sized(raw);
      out.value(advice.rule);
      out.value(advice.subject);
      out.value(advice.severity);
      write_words(out, advice.title);
      write_words(out, advice.statement);
      const void* details = advice.detail_stride == 0 ? nullptr : advice.details;
      const Extent there = extent(details, advice.detail_count, PluginQuotas::kDetailsMax);
      out.value(there);
      out.value(advice.detail_count);
      for (std::uint32_t i = 0; there == kWhole && i < advice.detail_count; ++i) {
        write_words(out, strided(advice.details, advice.detail_stride, i));
      }
    });
  }

  static caveat_node_id node(const caveat_sink* sink, std::uint32_t row, const caveat_node* raw) {
    Recorder& self = of(sink);
    const caveat_status status = self.record(kNode, row, [&](Writer& out) {
      out.value(std::uint32_t{raw != nullptr});
      if (raw == nullptr) return;
      const caveat_node node = sized(raw);
      out.value(node.op);
      out.value(node.value);
      write_list(out, node.reads, node.read_count, PluginQuotas::kReadsMax);
      write_list(out, node.children, node.child_count, PluginQuotas::kChildrenMax);
      write_words(out, node.words);
    });
    return status == CAVEAT_OK && row < self.nodes_.size() ? ++self.nodes_[row] : 0;
  }

  static caveat_status report(const caveat_sink* sink, std::uint32_t row, const caveat_report* raw) {
    return of(sink).record(kReport, row, [&](Writer& out) {
      out.value(std::uint32_t{raw != nullptr});
      if (raw == nullptr) return;
      const caveat_report report = sized(raw);
      out.value(report.check);
      out.value(report.value);
      out.value(report.root);
      write_words(out, report.statement);
    });
  }

  static caveat_status derive(const caveat_sink* sink, std::uint32_t row, std::uint32_t fact,
                              const caveat_value* value) {
    return of(sink).record(kDerive, row, [&](Writer& out) {
      out.value(std::uint32_t{value != nullptr});
      out.value(fact);
      if (value == nullptr) return;
      caveat_value plain = *value;
      plain.string = {};  // no fact is a string
      out.value(plain);
    });
  }

  static caveat_status fail_profile(const caveat_sink* sink, std::uint32_t row, caveat_text_id reason) {
    return of(sink).record(kFailProfile, row, [&](Writer& out) { out.value(reason); });
  }
};

Recorder::Recorder(Writer& out, std::uint32_t rows, const volatile std::uint32_t* cancel, std::uint64_t deadline_ns)
    : out_(out), nodes_(rows) {
  sink_.size = sizeof sink_;
  sink_.host = this;
  sink_.cancel = cancel;
  sink_.deadline_ns = deadline_ns;
  sink_.advise = &Calls::advise;
  sink_.node = &Calls::node;
  sink_.report = &Calls::report;
  sink_.derive = &Calls::derive;
  sink_.fail_profile = &Calls::fail_profile;
}

template <class Body>
caveat_status Recorder::record(std::uint32_t kind, std::uint32_t row, Body body) {
  const std::size_t before = out_.size();
  out_.value(kind);
  out_.value(row);
  body(out_);
  if (out_.fits() && !overflow_) return CAVEAT_OK;
  out_.cut(before);
  overflow_ = true;
  return CAVEAT_REFUSED;
}

// ---- Replaying

namespace {

void replay_advise(Reader& in, const caveat_sink& sink, std::uint32_t row) {
  if (in.value<std::uint32_t>() == 0) {
    sink.advise(&sink, row, nullptr);
    return;
  }
  caveat_advice advice{};
  std::array<caveat_words, PluginQuotas::kDetailsMax> details{};
  advice.size = sizeof advice;
  advice.rule = in.value<std::uint32_t>();
  advice.subject = in.value<caveat_fact_id>();
  advice.severity = in.value<caveat_severity>();
  advice.title = read_words(in);
  advice.statement = read_words(in);
  const auto there = in.value<Extent>();
  advice.detail_count = in.value<std::uint32_t>();
  advice.details = there == kMissing ? nullptr : details.data();
  advice.detail_stride = sizeof(caveat_words);
  for (std::uint32_t i = 0; there == kWhole && i < advice.detail_count && i < details.size(); ++i) {
    details[i] = read_words(in);
  }
  if (in.ok()) sink.advise(&sink, row, &advice);
}

void replay_node(Reader& in, const caveat_sink& sink, std::uint32_t row) {
  if (in.value<std::uint32_t>() == 0) {
    sink.node(&sink, row, nullptr);
    return;
  }
  caveat_node node{};
  std::array<caveat_fact_id, PluginQuotas::kReadsMax> reads{};
  std::array<caveat_node_id, PluginQuotas::kChildrenMax> children{};
  node.size = sizeof node;
  node.op = in.value<caveat_op>();
  node.value = in.value<caveat_tri>();
  node.reads = read_list(in, reads, node.read_count);
  node.children = read_list(in, children, node.child_count);
  node.words = read_words(in);
  if (in.ok()) sink.node(&sink, row, &node);
}

void replay_report(Reader& in, const caveat_sink& sink, std::uint32_t row) {
  if (in.value<std::uint32_t>() == 0) {
    sink.report(&sink, row, nullptr);
    return;
  }
  caveat_report report{};
  report.size = sizeof report;
  report.check = in.value<std::uint32_t>();
  report.value = in.value<caveat_tri>();
  report.root = in.value<caveat_node_id>();
  report.statement = read_words(in);
  if (in.ok()) sink.report(&sink, row, &report);
}

void replay_derive(Reader& in, const caveat_sink& sink, std::uint32_t row) {
  const bool given = in.value<std::uint32_t>() != 0;
  const auto fact = in.value<std::uint32_t>();
  if (!given) {
    if (in.ok()) sink.derive(&sink, row, fact, nullptr);
    return;
  }
  auto value = in.value<caveat_value>();
  value.string = {};
  if (in.ok()) sink.derive(&sink, row, fact, &value);
}

}  // namespace

bool replay(Reader& in, const caveat_sink& sink) {
  while (in.ok() && !in.at_end()) {
    const auto kind = in.value<std::uint32_t>();
    const auto row = in.value<std::uint32_t>();
    switch (kind) {
      case kAdvise: replay_advise(in, sink, row); break;
      case kNode: replay_node(in, sink, row); break;
      case kReport: replay_report(in, sink, row); break;
      case kDerive: replay_derive(in, sink, row); break;
      case kFailProfile: sink.fail_profile(&sink, row, in.value<caveat_text_id>()); break;
      default: return false;
    }
  }
  return in.ok();
}

}  // namespace caveat::wire
