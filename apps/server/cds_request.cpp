#include "server/cds_request.hpp"

#include "base/diagnostics.hpp"
#include "base/quote.hpp"
#include "base/text_file.hpp"
#include "profile/json_tree.hpp"
#include "server/json_parts.hpp"

#include <algorithm>
#include <array>
#include <simdjson.h>

namespace caveat::server {

namespace {

namespace dom = simdjson::dom;

constexpr const char* kFile = "request";
constexpr std::string_view kWhat = "a request is one object";

bool is_of(std::string_view text, std::string_view more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           more.find(c) != std::string_view::npos;
  });
}

// FHIR's id. It stands in the addresses that data are fetched from, so nothing else may.
bool is_id(std::string_view text) {
  constexpr std::size_t kMost = 64;
  return !text.empty() && text.size() <= kMost && is_of(text, "-.") && text != "." && text != "..";
}

// Where a text that is no JSON goes wrong, by the reader that profiles are read with: it knows places.
Diagnostic slip_of(std::string_view body) {
  JsonSlip slip{0, "this is not JSON", std::string(kWhat)};
  JsonSource source(body);
  const std::string file = kFile;
  InputTree tree;
  tree.nodes.resize(2);
  if (auto document = source.open()) {
    JsonTree json(source.text(), file, kWhat, tree);
    simdjson::ondemand::object object;
    if (document->get_object().get(object) == simdjson::SUCCESS && !json.fill_table(1, object))
      slip = json.slip(*document);
  } else if (const auto brackets = slip_of_brackets(source.text(), kWhat)) {
    slip = *brackets;
  }
  return {DiagnosticLevel::kError, slip.code, LineIndex(body).place(slip.offset, kFile), slip.message, slip.help};
}

class RequestReader {
 public:
  RequestReader(dom::object root, Hook hook) : root_(root), hook_(hook) {}

  CdsRequest read() {
    check_head();
    read_context();
    read_server();
    return std::move(out_);
  }

  void add_part(CdsRequest& request, RawMember member) {
    if (request.find(member.key) != nullptr)
      diagnostics_.error("duplicate-key", {kFile, 0, 0},
                         "`prefetch` has the key " + in_backticks(member.key) + " twice", {});
    bool whole = true;
    if (const auto prefetch = object_of(root_, "prefetch")) {
      const auto bundle = object_of(*prefetch, member.key);
      whole = !bundle || next_of(*bundle).empty();
    }
    request.prefetch.push_back({std::move(member.key), member.text, whole});
  }

  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  void missing(const std::string& what, std::string help) {
    diagnostics_.error("missing-key", {kFile, 0, 0}, "the request has no " + what, std::move(help));
  }

  void wrong(const std::string& what, std::string_view text, std::string help) {
    diagnostics_.error("wrong-value", {kFile, 0, 0}, "`" + what + "` is " + in_backticks(text), std::move(help));
  }

  void check_head() {
    const std::string_view hook = text_of(root_, "hook"), instance = text_of(root_, "hookInstance");
    if (hook.empty()) missing("`hook`", "it names the hook that was triggered");
    if (!hook.empty() && hook != to_string(hook_))
      wrong("hook", hook, "this service is bound to `" + std::string(to_string(hook_)) + "`");
    if (instance.empty()) missing("`hookInstance`", "a UUID of this call");
    if (!instance.empty() && !is_uuid(instance)) wrong("hookInstance", instance, "a UUID");
  }

  void read_context() {
    const auto context = object_of(root_, "context");
    if (!context) return missing("`context`", "an object with what the hook's definition requires");
    require_id(*context);
    if (text_of(*context, "userId").empty()) missing("`context.userId`", "such as `Practitioner/1`");
    switch (hook_) {
      case Hook::kOrderSelect: read_selected(*context); break;
      case Hook::kOrderSign: read_orders(*context, "draftOrders"); break;
      case Hook::kAppointmentBook: read_orders(*context, "appointments"); break;
      case Hook::kPatientView: break;
    }
  }

  void require_id(dom::object context) {
    out_.patient = text_of(context, "patientId");
    if (out_.patient.empty()) return missing("`context.patientId`", "the id of the patient");
    if (!is_id(out_.patient))
      wrong("context.patientId", out_.patient, "a FHIR id: letters, digits, `-` and `.`, at most 64");
  }

  void read_selected(dom::object context) {
    read_orders(context, "draftOrders");
    const auto selections = array_of(context, "selections");
    if (!selections) return missing("`context.selections`", "a list of references to draft orders");
    bool all_found = true;
    for (dom::element selection : *selections) {
      const std::string_view chosen = text_of(selection);
      const auto is_it = [&](const Order& order) {
        return !order.reference.empty() && (chosen == order.reference || chosen.ends_with('/' + order.reference));
      };
      const auto found = std::find_if(out_.orders.begin(), out_.orders.end(), is_it);
      if (found == out_.orders.end())
        all_found = false;
      else
        found->selected = true;
    }
    // What is not understood must not silence a rule.
    if (all_found) return;
    for (Order& order : out_.orders) order.selected = true;
  }

  void read_orders(dom::object context, const char* key) {
    const auto bundle = object_of(context, key);
    const std::string name = std::string("`context.") + key + "`";
    if (!bundle) return missing(name, "a Bundle");
    if (text_of(*bundle, "resourceType") != "Bundle")
      return wrong(name.substr(1, name.size() - 2), text_of(*bundle, "resourceType"), "a Bundle");
    const auto entries = array_of(*bundle, "entry");
    if (!entries) return;
    for (dom::element entry : *entries) {
      dom::object object;
      if (entry.get_object().get(object) != simdjson::SUCCESS) continue;
      if (const auto resource = object_of(object, "resource")) out_.orders.push_back(order_of(*resource));
    }
  }

  static Order order_of(dom::object resource) {
    Order order;
    const std::string_view type = text_of(resource, "resourceType"), id = text_of(resource, "id");
    if (!type.empty() && !id.empty()) order.reference = std::string(type) + "/" + std::string(id);
    // What is ordered, whatever the type of the order calls it.
    for (const char* key : {"code", "codeCodeableConcept", "medicationCodeableConcept", "itemCodeableConcept",
                            "serviceType", "appointmentType"}) {
      dom::element concept_or_list;
      if (resource[key].get(concept_or_list) == simdjson::SUCCESS) add_codes(concept_or_list, order.codes);
    }
    if (const auto contained = array_of(resource, "contained")) {
      for (dom::element each : *contained) {
        dom::object medication;
        dom::element code;
        if (each.get_object().get(medication) == simdjson::SUCCESS &&
            text_of(medication, "resourceType") == "Medication" && medication["code"].get(code) == simdjson::SUCCESS)
          add_codes(code, order.codes);
      }
    }
    return order;
  }

  static void add_codes(dom::element concept_or_list, std::vector<std::string>& codes) {
    dom::array list;
    if (concept_or_list.get_array().get(list) == simdjson::SUCCESS) {
      for (dom::element each : list) add_codes(each, codes);
      return;
    }
    dom::object one;
    if (concept_or_list.get_object().get(one) != simdjson::SUCCESS) return;
    const auto codings = array_of(one, "coding");
    if (!codings) return;
    for (dom::element coding : *codings) {
      dom::object object;
      if (coding.get_object().get(object) != simdjson::SUCCESS) continue;
      codes.push_back(std::string(text_of(object, "system")) + "|" + std::string(text_of(object, "code")));
    }
  }

  void read_server() {
    out_.fhir_server = text_of(root_, "fhirServer");
    const auto authorization = object_of(root_, "fhirAuthorization");
    if (!authorization) return;
    if (out_.fhir_server.empty()) missing("`fhirServer`", "it is required with `fhirAuthorization`");
    out_.access_token = text_of(*authorization, "access_token");
    if (out_.access_token.empty()) missing("`fhirAuthorization.access_token`", "what the server takes as bearer token");
    // RFC 6750, 2.1: what a header can carry.
    if (!is_of(out_.access_token, "-._~+/="))
      diagnostics_.error("wrong-value", {kFile, 0, 0}, "`fhirAuthorization.access_token` is no bearer token", {});
    if (const std::string_view type = text_of(*authorization, "token_type"); type != "Bearer")
      wrong("fhirAuthorization.token_type", type, "`Bearer`");
    const std::string_view patient = text_of(*authorization, "patient");
    if (!patient.empty() && !out_.patient.empty() && patient != out_.patient)
      wrong("fhirAuthorization.patient", patient, "the patient of the context");
  }

  dom::object root_;
  Hook hook_;
  CdsRequest out_;
  Diagnostics diagnostics_;
};

}  // namespace

const PrefetchPart* CdsRequest::find(std::string_view key) const {
  const auto found =
      std::find_if(prefetch.begin(), prefetch.end(), [&](const PrefetchPart& part) { return part.key == key; });
  return found == prefetch.end() ? nullptr : &*found;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !digit) return false;
  }
  return true;
}

Result<CdsRequest> read_cds_request(std::string_view body, Hook hook) {
  const auto text = std::make_shared<const std::string>(with_padding(body));
  dom::parser parser;
  dom::object root;
  if (parser.parse(text->data(), text->size(), false).get_object().get(root) != simdjson::SUCCESS)
    return fail(ErrorKind::kInput, slip_of(body));
  RequestReader reader(root, hook);
  CdsRequest request = reader.read();
  for (RawMember& member : raw_members(*text, "prefetch")) reader.add_part(request, std::move(member));
  request.text = text;
  if (reader.diagnostics().has_errors()) return fail(ErrorKind::kInput, reader.diagnostics().take());
  return request;
}

std::vector<const Order*> triggers(const HookService& service, const CdsRequest& request) {
  std::vector<const Order*> out;
  for (const Order& order : request.orders) {
    const bool counts = service.hook != Hook::kOrderSelect || order.selected;
    const auto bound = [&](const std::string& code) {
      return std::find(service.codes.begin(), service.codes.end(), code) != service.codes.end();
    };
    if (counts && std::any_of(order.codes.begin(), order.codes.end(), bound)) out.push_back(&order);
  }
  return out;
}

}  // namespace caveat::server
