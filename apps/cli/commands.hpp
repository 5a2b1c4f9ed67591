// The commands. Each returns its exit code; the console carries its results and what it has to say.
#pragma once

#include "arguments.hpp"
#include "console.hpp"

namespace caveat::cli {

int run_evaluate(const Arguments& arguments, Console& console);
int run_eval(const Arguments& arguments, Console& console);
int run_facts(const Arguments& arguments, Console& console);
int run_wording(const Arguments& arguments, Console& console);
int run_rules_check(const Arguments& arguments, Console& console);
int run_rules_test(const Arguments& arguments, Console& console);
int run_rules_show(const Arguments& arguments, Console& console);
int run_plugin_list(const Arguments& arguments, Console& console);
int run_plugin_check(const Arguments& arguments, Console& console);
int run_plugin_new(const Arguments& arguments, Console& console);
int run_plugin_info(const Arguments& arguments, Console& console);
int run_plugin_keygen(const Arguments& arguments, Console& console);
int run_plugin_sign(const Arguments& arguments, Console& console);
int run_plugin_verify(const Arguments& arguments, Console& console);
int run_plugin_trust(const Arguments& arguments, Console& console);
int run_audit_list(const Arguments& arguments, Console& console);
int run_audit_show(const Arguments& arguments, Console& console);
int run_audit_export(const Arguments& arguments, Console& console);
int run_audit_replay(const Arguments& arguments, Console& console);
int run_audit_stats(const Arguments& arguments, Console& console);
int run_audit_verify(const Arguments& arguments, Console& console);
int run_serve(const Arguments& arguments, Console& console);
int run_completion(const Arguments& arguments, Console& console);

}  // namespace caveat::cli
