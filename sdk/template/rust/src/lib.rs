//! What a plugin can do, in small: turn outcomes of its own kind of rule into advisories, derive a fact, check in code.
//! Replace all three. Missing is never no: where an answer is missing, nothing is derived and the check says "unknown".
//!
//! Nothing is allocated while the host calls: where memory runs out, Rust's own collections end the process.

mod caveat;

use caveat::*;
use std::alloc::{alloc, dealloc, Layout};
use std::ffi::c_void;

const FAR_APART: i64 = 20;
const LARGEST_READING: i64 = 1_000_000; // keeps the sums below from overflowing; what is larger is not used
const POINTS_MAX: usize = 32; // paragraphs of one note; bind() refuses more

// ---- What the code finds, apart from all that is the ABI's

/// Half of the sum, in the units of 10^-8 that a decimal counts.
fn mean(first: Option<i64>, second: Option<i64>) -> Option<i64> {
    Some((first? + second?) * 50_000_000)
}

fn far_apart(first: Option<i64>, second: Option<i64>) -> Tri {
    match (first, second) {
        (Some(a), Some(b)) if (a - b).abs() >= FAR_APART => TRUE,
        (Some(_), Some(_)) => FALSE,
        _ => UNKNOWN,
    }
}

// ---- bind(): everything is looked up by name once, and what does not fit is refused

/// One a rule pack that uses the plugin. What bind() is told stays valid until unbind().
struct Instance {
    binding: &'static Binding,
    readings: [FactId; 2],
    columns: [u32; 2], // from 0
    value: TextId,
    far_apart: TextId,
    could_not_be_checked: TextId,
    mean: u32,
    readings_differ: u32,
}

impl Instance {
    unsafe fn new(binding: &'static Binding) -> Option<Instance> {
        let (first, first_column) = reading_named(binding, "caveat_template_first")?;
        let (second, second_column) = reading_named(binding, "caveat_template_second")?;
        let place = |names: &Names, name: &str| Some(names.place(name)).filter(|&place| place != 0);
        let out = Instance {
            binding,
            readings: [first, second],
            columns: [first_column, second_column],
            value: place(&binding.texts, "value")?,
            far_apart: place(&binding.texts, "far-apart")?,
            could_not_be_checked: place(&binding.texts, "could-not-be-checked")?,
            mean: place(&binding.derived, "caveat_template_mean")?,
            readings_differ: place(&binding.checks, "readings-differ")?,
        };
        let note = place(&binding.kinds, "caveat_template_note")?;
        (0..binding.rule_count).all(|i| fits(out.rule(i), note)).then_some(out)
    }

    unsafe fn rule(&self, index: u32) -> &'static Rule {
        element(self.binding.rules, self.binding.rule_stride, index)
    }

    unsafe fn reading(&self, batch: &Batch, which: usize, row: u32) -> Option<i64> {
        let column = element(batch.columns, batch.column_stride, self.columns[which]);
        if !bit(column.known, row) {
            return None;
        }
        Some(*column.integers.add(row as usize)).filter(|value| (-LARGEST_READING..=LARGEST_READING).contains(value))
    }

    unsafe fn readings(&self, batch: &Batch, row: u32) -> (Option<i64>, Option<i64>) {
        (self.reading(batch, 0, row), self.reading(batch, 1, row))
    }
}

unsafe fn reading_named(binding: &Binding, name: &str) -> Option<(FactId, u32)> {
    let facts = |i| element(binding.facts, binding.fact_stride, i);
    let at = (0..binding.fact_count).find(|&i| facts(i).name.is(name))?;
    let fact = facts(at);
    (fact.r#type == TYPE_INTEGER && fact.column != 0).then_some((at + 1, fact.column.wrapping_sub(1)))
}

unsafe fn field_named(rule: &Rule, name: &str, r#type: Type) -> Option<&'static Field> {
    let field = |i| element(rule.fields, rule.field_stride, i);
    let at = (0..rule.field_count).find(|&i| field(i).name.is(name))?;
    Some(field(at)).filter(|field| field.r#type == r#type)
}

unsafe fn fits(rule: &Rule, note: u32) -> bool {
    let about = field_named(rule, "about", TYPE_FACT);
    let points = field_named(rule, "points", TYPE_TEXT);
    rule.kind == note
        && about.map_or(false, |field| field.count == 1)
        && points.map_or(false, |field| field.count as usize <= POINTS_MAX)
}

unsafe fn say(message: *mut Message, text: &str) {
    let length = text.len().min((*message).capacity as usize);
    std::ptr::copy_nonoverlapping(text.as_ptr(), (*message).text, length);
    (*message).length = length as u64;
}

unsafe extern "C" fn bind(
    _: *const Host,
    binding: *const Binding,
    instance: *mut *mut c_void,
    message: *mut Message,
) -> Status {
    guarded(|| {
        let made = match Instance::new(&*binding) {
            Some(made) => made,
            None => {
                say(message, "a name of its manifest is missing, or a rule has other fields");
                return FAILED;
            }
        };
        let place = alloc(Layout::new::<Instance>()).cast::<Instance>();
        if place.is_null() {
            return OUT_OF_MEMORY;
        }
        place.write(made);
        *instance = place.cast();
        OK
    })
}

unsafe extern "C" fn unbind(instance: *mut c_void) {
    dealloc(instance.cast(), Layout::new::<Instance>());
}

// ---- advise(): the rules of its kind. The manifest says on which outcomes they speak: then there must be an advisory,
// else none.

unsafe fn advise_one(own: &Instance, index: u32, row: u32, met: bool, sink: &Sink) {
    let rule = own.rule(index);
    let mut details = [Words::zeroed(); 1 + POINTS_MAX];
    let mut advice = Advice::zeroed();
    advice.size = size::<Advice>();
    advice.rule = index + 1;
    if let Some(about) = field_named(rule, "about", TYPE_FACT) {
        advice.subject = (*about.values).number; // fills {label} and {value}
    }
    if !met {
        advice.statement.handle = own.could_not_be_checked;
    } else if let Some(points) = field_named(rule, "points", TYPE_TEXT) {
        details[0].handle = own.value;
        for i in 0..points.count {
            details[1 + i as usize].handle = element(points.values, points.value_stride, i).number;
        }
        advice.detail_count = 1 + points.count;
    }
    advice.details = details.as_ptr();
    advice.detail_stride = size::<Words>();
    if let Some(advise) = sink.advise {
        advise(sink, row, &advice);
    }
}

unsafe extern "C" fn advise(instance: *mut c_void, batch: *const Batch, sink: *const Sink) -> Status {
    guarded(|| {
        let (own, batch) = (&*instance.cast::<Instance>(), &*batch);
        for rule in 0..own.binding.rule_count {
            let outcome = element(batch.outcomes, batch.outcome_stride, rule);
            for row in 0..batch.rows {
                let met = bit(outcome.met, row);
                if met || bit(outcome.failed, row) {
                    advise_one(own, rule, row, met, &*sink);
                }
            }
        }
        OK
    })
}

// ---- derive() and check()

unsafe extern "C" fn derive(instance: *mut c_void, batch: *const Batch, sink: *const Sink) -> Status {
    guarded(|| {
        let (own, batch) = (&*instance.cast::<Instance>(), &*batch);
        for row in 0..batch.rows {
            let (first, second) = own.readings(batch, row);
            if let (Some(units), Some(derive)) = (mean(first, second), (*sink).derive) {
                let mut value = Value::zeroed();
                value.r#type = TYPE_DECIMAL;
                value.decimal = Decimal { low: units as u64, high: if units < 0 { -1 } else { 0 } };
                derive(sink, row, own.mean, &value);
            }
        }
        OK
    })
}

unsafe extern "C" fn check(instance: *mut c_void, batch: *const Batch, sink: *const Sink) -> Status {
    guarded(|| {
        let (own, batch) = (&*instance.cast::<Instance>(), &*batch);
        let (node, report) = match ((*sink).node, (*sink).report) {
            (Some(node), Some(report)) => (node, report),
            _ => return UNSUPPORTED,
        };
        for row in 0..batch.rows {
            let (first, second) = own.readings(batch, row);
            let mut finding = Node::zeroed();
            finding.size = size::<Node>();
            finding.op = OP_LEAF;
            finding.value = far_apart(first, second);
            finding.reads = own.readings.as_ptr();
            finding.read_count = 2;
            finding.words.handle = own.far_apart;
            let mut found = Report::zeroed();
            found.size = size::<Report>();
            found.check = own.readings_differ;
            found.value = finding.value;
            found.root = node(sink, row, &finding);
            report(sink, row, &found);
        }
        OK
    })
}

// ---- The manifest, as the section that the host reads without loading the library, and the one exported function

const MANIFEST_SIZE: usize = include_bytes!("../plugin.toml").len();
#[used]
#[link_section = ".caveat.manifest"]
static MANIFEST: [u8; MANIFEST_SIZE] = *include_bytes!("../plugin.toml");

static PLUGIN: Plugin = Plugin {
    size: std::mem::size_of::<Plugin>() as u32,
    abi_major: ABI_MAJOR,
    abi_minor: ABI_MINOR,
    reserved: 0,
    manifest: Str { data: MANIFEST.as_ptr(), size: MANIFEST_SIZE as u64 },
    bind: Some(bind),
    unbind: Some(unbind),
    advise: Some(advise),
    check: Some(check),
    derive: Some(derive),
    get_extension: None,
};

/// What later minors added is asked for by size and stride, not by `_host_minor`.
#[no_mangle]
pub extern "C" fn caveat_plugin_entry_v1(host_major: u32, _host_minor: u32) -> *const Plugin {
    if host_major == ABI_MAJOR {
        &PLUGIN
    } else {
        std::ptr::null()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_needs_both_readings() {
        assert_eq!(mean(Some(100), Some(105)), Some(10_250_000_000));
        assert_eq!(mean(Some(100), None), None);
    }

    #[test]
    fn missing_is_never_no() {
        assert_eq!(far_apart(Some(10), Some(29)), FALSE);
        assert_eq!(far_apart(Some(10), Some(30)), TRUE);
        assert_eq!(far_apart(None, Some(30)), UNKNOWN);
    }
}
