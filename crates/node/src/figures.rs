//! What the node counts of itself, and the text Prometheus reads it from.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How often values fell into each bucket. Values are kept in millionths, so that sums stay whole numbers.
#[derive(Debug)]
pub(crate) struct Histogram<const N: usize> {
    bounds: [u64; N],
    counts: [AtomicU64; N],
    sum: AtomicU64,
    count: AtomicU64,
}

impl<const N: usize> Histogram<N> {
    fn new(bounds: [u64; N]) -> Self {
        let counts = std::array::from_fn(|_| AtomicU64::new(0));
        Self { bounds, counts, sum: AtomicU64::new(0), count: AtomicU64::new(0) }
    }

    pub(crate) fn observe(&self, time: Duration) {
        self.take(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    pub(crate) fn observe_count(&self, count: usize) {
        self.take(u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(1_000_000));
    }

    fn take(&self, millionths: u64) {
        let bucket = self.bounds.partition_point(|bound| *bound < millionths);
        if let Some(count) = self.counts.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(millionths, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    fn write(&self, text: &mut String, name: &str, help: &str) {
        head(text, name, help, "histogram");
        let mut total = 0;
        for (bound, count) in self.bounds.iter().zip(&self.counts) {
            total += count.load(Ordering::Relaxed);
            line(text, format_args!("{name}_bucket{{le=\"{}\"}} {total}", Millionths(*bound)));
        }
        let count = self.count.load(Ordering::Relaxed);
        line(text, format_args!("{name}_bucket{{le=\"+Inf\"}} {count}"));
        line(text, format_args!("{name}_sum {}", Millionths(self.sum.load(Ordering::Relaxed))));
        line(text, format_args!("{name}_count {count}"));
    }
}

struct Millionths(u64);

impl fmt::Display for Millionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

/// Everything the node counts.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) commits: Counter,
    pub(crate) failures: Counter,
    pub(crate) step_seconds: Histogram<12>,
    pub(crate) commit_seconds: Histogram<12>,
    pub(crate) batch_inputs: Histogram<8>,
    pub(crate) entries: Counter,
    pub(crate) declined: Counter,
    pub(crate) turned_away: Counter,
    pub(crate) received: [Counter; Coming::ALL.len()],
    pub(crate) sent: [Counter; Going::ALL.len()],
    pub(crate) receive_seconds: Histogram<12>,
    pub(crate) send_seconds: Histogram<12>,
    pub(crate) record_failures: Counter,
    /// Whether the last transaction failed.
    pub(crate) broken: AtomicBool,
}

/// What came of a message that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coming {
    Accepted,
    Duplicate,
    Quarantined,
    Conflict,
    Faulty,
    Ping,
    Busy,
    Failed,
}

impl Coming {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Accepted, "accepted"),
        (Self::Duplicate, "duplicate"),
        (Self::Quarantined, "quarantined"),
        (Self::Conflict, "conflict"),
        (Self::Faulty, "faulty"),
        (Self::Ping, "ping"),
        (Self::Busy, "busy"),
        (Self::Failed, "failed"),
    ];
}

/// What came of a try to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Going {
    Receipted,
    Refused,
    Unreachable,
    Unanswered,
}

impl Going {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Receipted, "receipted"),
        (Self::Refused, "refused"),
        (Self::Unreachable, "unreachable"),
        (Self::Unanswered, "unanswered"),
    ];
}

/// What is read off at the moment it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gauges {
    pub(crate) waiting: usize,
    pub(crate) waiting_max: usize,
    pub(crate) record_entries: u64,
    pub(crate) record_published: u64,
    pub(crate) obligations_open: u64,
    pub(crate) obligations_late: u64,
    pub(crate) work_due: u64,
    pub(crate) resident_bytes: u64,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            commits: Counter::default(),
            failures: Counter::default(),
            step_seconds: Histogram::new(STEP_TIMES),
            commit_seconds: Histogram::new(TIMES),
            batch_inputs: Histogram::new(SIZES),
            entries: Counter::default(),
            declined: Counter::default(),
            turned_away: Counter::default(),
            received: Default::default(),
            sent: Default::default(),
            receive_seconds: Histogram::new(TIMES),
            send_seconds: Histogram::new(TIMES),
            record_failures: Counter::default(),
            broken: AtomicBool::new(false),
        }
    }
}

impl Figures {
    pub(crate) fn came(&self, what: Coming) {
        self.received[what as usize].add(1);
    }

    pub(crate) fn went(&self, what: Going) {
        self.sent[what as usize].add(1);
    }

    /// Everything as the Prometheus text format has it.
    pub(crate) fn text(&self, gauges: &Gauges) -> String {
        let mut text = String::with_capacity(6_144);
        self.write_messages(&mut text);
        self.write_heart(&mut text);
        write_gauges(&mut text, gauges);
        text
    }

    fn write_messages(&self, text: &mut String) {
        let name = "sampan_messages_received_total";
        head(text, name, "Messages that arrived, by what came of them.", "counter");
        for ((_, outcome), counter) in Coming::ALL.iter().zip(&self.received) {
            line(text, format_args!("{name}{{outcome=\"{outcome}\"}} {}", counter.value()));
        }
        let name = "sampan_messages_sent_total";
        head(text, name, "Tries to send a message, by what came of them.", "counter");
        for ((_, outcome), counter) in Going::ALL.iter().zip(&self.sent) {
            line(text, format_args!("{name}{{outcome=\"{outcome}\"}} {}", counter.value()));
        }
        self.receive_seconds.write(text, "sampan_receive_seconds", "From the last byte in to the answer.");
        self.send_seconds.write(
            text,
            "sampan_send_seconds",
            "From the first byte out to the checked receipt.",
        );
    }

    fn write_heart(&self, text: &mut String) {
        let counters = [
            ("sampan_commits_total", "Transactions on the disk.", &self.commits),
            ("sampan_input_failures_total", "Inputs that could not be worked off.", &self.failures),
            ("sampan_entries_total", "Entries recorded since the start.", &self.entries),
            ("sampan_declined_total", "Acts of the node's own that were refused.", &self.declined),
            ("sampan_turned_away_total", "Inputs turned away because too many waited.", &self.turned_away),
            (
                "sampan_record_failures_total",
                "Times the record could not be written out.",
                &self.record_failures,
            ),
        ];
        for (name, help, counter) in counters {
            head(text, name, help, "counter");
            line(text, format_args!("{name} {}", counter.value()));
        }
        self.step_seconds.write(text, "sampan_step_seconds", "One input worked off, without the disk.");
        self.commit_seconds.write(
            text,
            "sampan_commit_seconds",
            "One transaction, from its first input to the disk.",
        );
        self.batch_inputs.write(text, "sampan_commit_inputs", "Inputs that shared a transaction.");
    }
}

fn write_gauges(text: &mut String, gauges: &Gauges) {
    let waiting = u64::try_from(gauges.waiting).unwrap_or(u64::MAX);
    let gauges = [
        ("sampan_queue_inputs", "Inputs that wait for the writer.", waiting),
        ("sampan_record_entries", "Entries in the store.", gauges.record_entries),
        ("sampan_record_published_entries", "Entries under the last checkpoint.", gauges.record_published),
        ("sampan_obligations_open", "Obligations not met yet.", gauges.obligations_open),
        ("sampan_obligations_late", "Obligations past their moment.", gauges.obligations_late),
        ("sampan_work_due", "Pieces of work whose moment has come.", gauges.work_due),
        ("process_resident_memory_bytes", "Resident memory in bytes.", gauges.resident_bytes),
    ];
    for (name, help, value) in gauges {
        head(text, name, help, "gauge");
        line(text, format_args!("{name} {value}"));
    }
}

fn head(text: &mut String, name: &str, help: &str, kind: &str) {
    line(text, format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
}

fn line(text: &mut String, line: fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a string cannot fail");
}

/// Fifty microseconds to a second, in microseconds.
const STEP_TIMES: [u64; 12] =
    [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 250_000, 1_000_000];
/// Half a millisecond to ten seconds, in microseconds.
const TIMES: [u64; 12] =
    [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 2_500_000, 10_000_000];
/// One to 128, in millionths.
const SIZES: [u64; 8] =
    [1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000, 32_000_000, 64_000_000, 128_000_000];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_in_every_bucket_it_fits() {
        let histogram = Histogram::new(SIZES);
        histogram.observe_count(3);
        histogram.observe_count(500);
        let mut text = String::new();
        histogram.write(&mut text, "x", "h");
        for line in
            ["x_bucket{le=\"2.000000\"} 0", "x_bucket{le=\"4.000000\"} 1", "x_bucket{le=\"128.000000\"} 1"]
        {
            assert!(text.contains(line), "{line} in\n{text}");
        }
        assert!(text.ends_with("x_bucket{le=\"+Inf\"} 2\nx_sum 503.000000\nx_count 2\n"), "{text}");
    }

    #[test]
    fn each_outcome_has_a_line_of_its_own() {
        let figures = Figures::default();
        figures.came(Coming::Failed);
        figures.went(Going::Unanswered);
        let text = figures.text(&Gauges::default());
        assert!(text.contains("sampan_messages_received_total{outcome=\"failed\"} 1\n"), "{text}");
        assert!(text.contains("sampan_messages_sent_total{outcome=\"unanswered\"} 1\n"), "{text}");
        assert!(text.contains("sampan_messages_received_total{outcome=\"accepted\"} 0\n"), "{text}");
    }
}
