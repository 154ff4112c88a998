//! What was found, as a table and as JSON.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result, Write};

use serde_json::{Value, json};

use super::{Confirmation, Outcome, Record, Survey};

/// How many functions came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accepted, and not known to be wrong.
    pub accepted: usize,
    /// Those of them whose gradient is that of differences.
    pub confirmed: usize,
    /// Those of them where differences say something else than both modes.
    pub disputed: usize,
    /// Accepted, and wrong.
    pub wrong: usize,
    /// Refused, with help.
    pub refused: usize,
    /// The compiler panicked.
    pub panicked: usize,
    /// What was emitted is no Rust.
    pub unparsable: usize,
    /// Not asked about: not in the sum.
    pub out_of_scope: usize,
}

impl Counts {
    /// All but those out of scope.
    #[must_use]
    pub fn functions(&self) -> usize {
        self.accepted + self.wrong + self.refused + self.panicked + self.unparsable
    }

    fn percentage(&self) -> String {
        match self.functions() {
            0 => "-".to_owned(),
            // Tenths, rounded: counts are small.
            all => {
                let tenths = (self.accepted * 2000 / all).div_ceil(2);
                format!("{}.{} %", tenths / 10, tenths % 10)
            }
        }
    }

    fn row(&self, name: &str, width: usize) -> String {
        format!(
            "{name:width$} {:9} {:9} {:>8} {:10} {:9} {:6} {:8} {:9} {:11} {:13}",
            self.functions(),
            self.accepted,
            self.percentage(),
            self.confirmed,
            self.disputed,
            self.wrong,
            self.refused,
            self.panicked,
            self.unparsable,
            self.out_of_scope
        )
    }
}

/// A reason, and the functions that have it.
#[derive(Clone, Debug)]
pub struct Reason<'s> {
    /// The message, with `…` for what differs.
    pub text: String,
    /// What differs, and how often: the most frequent first.
    pub names: Vec<(String, usize)>,
    /// The functions that are refused for it.
    pub records: Vec<&'s Record>,
    /// How many of them for nothing else.
    pub alone: usize,
}

impl Survey {
    /// How many came out how, of one of the paths or of all.
    #[must_use]
    pub fn counts(&self, path: Option<usize>) -> Counts {
        let mut counts = Counts::default();
        for record in self.records.iter().filter(|of| path.is_none_or(|path| of.path == path)) {
            match record.outcome {
                Outcome::Accepted(Confirmation::Agrees(_)) => counts.confirmed += 1,
                Outcome::Accepted(Confirmation::Disputed(_)) => counts.disputed += 1,
                _ => {}
            }
            *match record.outcome {
                Outcome::Accepted(_) => &mut counts.accepted,
                Outcome::Wrong(_) => &mut counts.wrong,
                Outcome::Refused(_) => &mut counts.refused,
                Outcome::OutOfScope(_) => &mut counts.out_of_scope,
                Outcome::Panicked(_) => &mut counts.panicked,
                Outcome::Unparsable(_) => &mut counts.unparsable,
            } += 1;
        }
        counts
    }

    /// Why functions are refused, the most frequent reason first.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason<'_>> {
        ranked(&self.records, |record| match &record.outcome {
            Outcome::Refused(messages) => messages.clone(),
            _ => Vec::new(),
        })
    }

    /// Each function as data.
    #[must_use]
    pub fn json(&self) -> Value {
        let record = |record: &Record| {
            let (outcome, reasons) = match &record.outcome {
                Outcome::Accepted(Confirmation::Agrees(_)) => ("confirmed", Vec::new()),
                Outcome::Accepted(Confirmation::Disputed(how)) => ("disputed", vec![how.clone()]),
                Outcome::Accepted(Confirmation::NotRun(why)) => ("accepted", vec![why.clone()]),
                Outcome::Wrong(how) => ("wrong", vec![how.clone()]),
                Outcome::Refused(messages) => ("refused", messages.clone()),
                Outcome::OutOfScope(why) => ("out of scope", vec![why.clone()]),
                Outcome::Panicked(message) => ("panicked", vec![message.clone()]),
                Outcome::Unparsable(error) => ("unparsable", vec![error.clone()]),
            };
            json!({
                "path": self.paths.get(record.path),
                "file": record.file,
                "line": record.line,
                "name": record.name,
                "outcome": outcome,
                "reasons": reasons,
            })
        };
        json!({
            "functions": self.records.iter().map(record).collect::<Vec<_>>(),
            "not parsed": self.not_parsed,
        })
    }
}

impl Display for Survey {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.table(f)?;
        self.faults(f)?;
        section(f, "refused for", &self.reasons())?;
        let out_of_scope = ranked(&self.records, |record| match &record.outcome {
            Outcome::OutOfScope(why) => vec![why.clone()],
            _ => Vec::new(),
        });
        section(f, "out of scope", &out_of_scope)?;
        let not_run = ranked(&self.records, |record| match &record.outcome {
            Outcome::Accepted(Confirmation::NotRun(why)) => vec![why.clone()],
            _ => Vec::new(),
        });
        section(f, "accepted, and not compared with differences", &not_run)?;
        for (file, error) in &self.not_parsed {
            writeln!(f, "\nnot parsed: {}: {error}", file.display())?;
        }
        Ok(())
    }
}

impl Survey {
    fn table(&self, f: &mut Formatter<'_>) -> Result {
        let name = |path: &std::path::PathBuf| {
            path.file_name().map_or("all".into(), |name| name.to_string_lossy().into_owned())
        };
        let names: Vec<String> = self.paths.iter().map(name).collect();
        let width = names.iter().map(String::len).max().unwrap_or(0).max("path".len());
        writeln!(
            f,
            "{:width$} functions  accepted           confirmed  disputed  wrong  refused  panicked  unparsable  out of scope",
            "path"
        )?;
        for (number, name) in names.iter().enumerate() {
            writeln!(f, "{}", self.counts(Some(number)).row(name, width))?;
        }
        if names.len() > 1 {
            writeln!(f, "{}", self.counts(None).row("all", width))?;
        }
        Ok(())
    }

    /// The bugs, each of them.
    fn faults(&self, f: &mut Formatter<'_>) -> Result {
        for record in &self.records {
            let (what, message) = match &record.outcome {
                Outcome::Panicked(message) => ("panicked", message),
                Outcome::Unparsable(error) => ("unparsable", error),
                Outcome::Wrong(how) => ("wrong", how),
                Outcome::Accepted(Confirmation::Disputed(how)) => ("disputed", how),
                Outcome::Accepted(_) | Outcome::Refused(_) | Outcome::OutOfScope(_) => continue,
            };
            writeln!(f, "\n{what}: {}\n  {message}", place(record))?;
        }
        Ok(())
    }
}

/// Reasons with their counts and two examples each.
fn section(f: &mut Formatter<'_>, title: &str, reasons: &[Reason<'_>]) -> Result {
    if reasons.is_empty() {
        return Ok(());
    }
    writeln!(f, "\nfunctions  alone  {title}")?;
    for reason in reasons {
        let mut names = String::new();
        for (name, count) in reason.names.iter().take(5) {
            write!(names, ", `{name}` {count}")?;
        }
        let names = names.strip_prefix(", ").map_or(String::new(), |names| format!(": {names}"));
        writeln!(f, "{:9} {:6}  {}{names}", reason.records.len(), reason.alone, reason.text)?;
        for record in reason.records.iter().take(2) {
            writeln!(f, "{:18}{}", "", place(record))?;
        }
    }
    Ok(())
}

fn place(record: &Record) -> String {
    format!("{}:{} {}", record.file.display(), record.line, record.name)
}

/// The reasons of the records, the most frequent first.
fn ranked<'s>(records: &'s [Record], messages: impl Fn(&Record) -> Vec<String>) -> Vec<Reason<'s>> {
    let mut reasons: BTreeMap<String, (Reason<'s>, BTreeMap<String, usize>)> = BTreeMap::new();
    for record in records {
        let mut of_record: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for message in messages(record) {
            let (text, name) = general(&message);
            of_record.entry(text).or_default().extend(name);
        }
        let alone = usize::from(of_record.len() == 1);
        for (text, names) in of_record {
            let (reason, counts) = reasons.entry(text.clone()).or_insert_with(|| {
                let reason = Reason { text, names: Vec::new(), records: Vec::new(), alone: 0 };
                (reason, BTreeMap::new())
            });
            reason.records.push(record);
            reason.alone += alone;
            names.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
        }
    }
    let with_names = |(mut reason, counts): (Reason<'s>, BTreeMap<String, usize>)| {
        reason.names = counts.into_iter().collect();
        reason.names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        reason
    };
    let mut ranked: Vec<Reason<'s>> = reasons.into_values().map(with_names).collect();
    ranked.sort_by_key(|reason| std::cmp::Reverse(reason.records.len()));
    ranked
}

/// A message without the name in it, where it speaks of something by name, and the name.
fn general(message: &str) -> (String, Option<String>) {
    const NAMED: [&str; 6] = [
        "cannot differentiate a call to method `",
        "cannot differentiate a call to the local variable `",
        "cannot differentiate through the iterator method `",
        "cannot see what `",
        "`",
        "`mem::",
    ];
    let found = NAMED.iter().find_map(|start| {
        let (name, rest) = message.strip_prefix(start)?.split_once('`')?;
        let is_name = rest.is_empty() || *start != "`" || rest.contains(" is read here");
        is_name.then(|| (format!("{start}…`{rest}"), name.to_owned()))
    });
    found.map_or((message.to_owned(), None), |(text, name)| (text, Some(name)))
}
