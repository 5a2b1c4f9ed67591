// What bind() tells a plugin, as bytes.
#pragma once

#include "plugin_abi/bytes.hpp"

#include <caveat/plugin.h>
#include <memory>
#include <vector>

namespace caveat::wire {

void write_binding(Writer& out, const caveat_binding& binding);

/// A binding made from its bytes, which outlive it. It points into itself: not to be copied.
class BindingImage {
 public:
  explicit BindingImage(Reader& in);
  [[nodiscard]] const caveat_binding& raw() const { return raw_; }

  BindingImage(const BindingImage&) = delete;
  BindingImage& operator=(const BindingImage&) = delete;

 private:
  caveat_names read_names(Reader& in);
  void read_rules(Reader& in);
  void read_facts(Reader& in);
  caveat_field read_field(Reader& in);
  const std::vector<caveat_str>& read_strings(Reader& in);

  caveat_binding raw_{};
  std::vector<caveat_rule> rules_;
  std::vector<caveat_fact> facts_;
  // Each list is pointed to and never grows again.
  std::vector<std::unique_ptr<std::vector<caveat_str>>> strings_;
  std::vector<std::unique_ptr<std::vector<caveat_field>>> fields_;
  std::vector<std::unique_ptr<std::vector<caveat_value>>> values_;
};

}  // namespace caveat::wire
