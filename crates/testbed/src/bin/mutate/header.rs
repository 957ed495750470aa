//! Header rows: whatever stands there, no two columns are the same field, and what is decided can be imported.
//! Invariant: every row is read for every record type, with and without choices of the user.

use std::collections::HashSet;
use std::path::Path;

use convoke_people::field::Field;
use convoke_people::record_type::{IdentityKind, RecordType};
use convoke_pipeline::mapping::{Mapping, MappingChoices, Target as Meant, is_importable};
use convoke_pipeline::records::{Position, Record, RecordReader};
use convoke_pipeline::scan::ScanError;
use convoke_pipeline::settings::Settings;
use convoke_pipeline::source::{HEAD_BYTES, Head, Hints, Source, find_layout, read_header};
use convoke_pipeline::suggesting::suggest;
use convoke_pipeline::synonyms::is_known_header;
use fastrand::Rng;

use crate::corpus;
use crate::{Target, hash_of};

pub(crate) struct Headers;

/// Records below the header that suggestions are made from.
const SAMPLES: usize = 5;

const SEEDS: &[&str] = &[
    "Name,Email,Company,Tags,Group\nAnna,anna@example.com,Acme,a;b,VIP\n",
    "First Name;Last Name;E-Mail-Adresse;Firma\nAnna;Lee;anna@example.com;Acme\n",
    "Platform,Handle,Followers,Country\nInstagram,@anna,10k,DE\n",
    "Instagram,TikTok URL,YouTube-Kanal,X,IG followers\n@anna,tiktok.com/@anna,,,5\n",
    "name,Name,NAME,full name,email,e-mail,Email 2\n",
    "Name,Email,row,outcome,person id,matched account,messages\n",
    "Name*,Email*,,,Nickname\n,,,,\n",
    "\"First\nName\",\" e mail \",'=Company\n",
];

impl Target for Headers {
    fn seeds(&self, corpora: Option<&Path>) -> Vec<Vec<u8>> {
        let mut seeds = corpus::built_in(SEEDS);
        seeds.extend(rows_of_products());
        seeds.extend(corpus::tables(corpora).into_iter().filter(|table| table.len() < HEAD_BYTES));
        seeds
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "name",
            "Name,",
            "email",
            "E-Mail",
            "first name",
            "last name",
            "Instagram",
            "TikTok",
            "handle",
            "profile url",
            "followers",
            "platform",
            "company",
            "tags",
            "group",
            "position",
            "country",
            "notes",
            "row,outcome,person id,matched account,messages",
            "*",
            "#",
            "(required)",
            "Contact ",
            "1",
            "2",
            "İ",
            "ß",
            "\u{301}",
            "\u{200B}",
            "'",
            "=",
            ",,",
            ";;",
            "Vorname",
            "Prénom",
            "correo",
            "メール",
        ]
    }

    fn try_input(&self, input: &[u8], rng: &mut Rng) -> u64 {
        let head = Head {
            text: &input[..input.len().min(HEAD_BYTES)],
            start: Position::START,
            is_whole: input.len() <= HEAD_BYTES,
        };
        let layout = find_layout(head, &Hints::default(), None, &is_known_header);
        let source = match read_header(&input[layout.start.byte as usize..], &layout) {
            Ok(source) => source,
            Err(ScanError::Refused(problem)) => return hash_of(problem.code.key()),
            Err(error) => panic!("a slice can be read: {error}"),
        };
        let samples = samples(input, &source);
        let choices = choices(&source.headers, rng);
        let decided = RecordType::ALL.map(|record_type| {
            let settings = Settings::new(record_type);
            judge_suggestions(&source.headers, &samples, &settings);
            [
                judge(&source.headers, &MappingChoices::default(), &settings),
                judge(
                    &source.headers,
                    &MappingChoices { ignore_unknown: true, ..MappingChoices::default() },
                    &settings,
                ),
                judge(&source.headers, &choices, &settings),
            ]
        });
        hash_of((decided, source.headers.len().checked_ilog2()))
    }
}

/// Header rows of real products, where the project's own list of them is at hand.
fn rows_of_products() -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pipeline/tests/headers/rows.json");
    let Ok(list) = std::fs::read(path) else { return vec![] };
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&list).unwrap_or_default();
    let line = |row: &serde_json::Value| {
        let columns = row["columns"].as_array()?.iter().filter_map(|column| column[0].as_str());
        let cells: Vec<_> = columns.map(|header| format!("\"{}\"", header.replace('"', "\"\""))).collect();
        Some(cells.join(",").into_bytes())
    };
    rows.iter().filter_map(line).collect()
}

/// The cells of each column in the first records below the header.
fn samples(input: &[u8], source: &Source) -> Vec<Vec<String>> {
    let mut reader = RecordReader::new(&input[source.body.byte as usize..], source.dialect, source.body);
    let mut record = Record::default();
    let mut samples = vec![vec![]; source.headers.len()];
    for _ in 0..SAMPLES {
        if !reader.read(&mut record).unwrap_or(false) {
            break;
        }
        for (column, cell) in samples.iter_mut().zip(record.cells()) {
            column.push(String::from_utf8_lossy(cell.bytes).into_owned());
        }
    }
    samples
}

/// A column is called something, another left out.
fn choices(headers: &[String], rng: &mut Rng) -> MappingChoices {
    let fields = ["name", "email", "handle", "last_name", "tags", "tiktok", "Company", "nonsense"];
    let mut header = || headers[rng.usize(..headers.len())].clone();
    let (called, ignored) = (header(), header());
    MappingChoices {
        map: vec![(called, fields[rng.usize(..fields.len())].to_owned())],
        ignore: if rng.bool() { vec![ignored] } else { vec![] },
        ignore_unknown: rng.bool(),
        saved: None,
    }
}

/// Gives the code of the refusal, or what the columns are.
fn judge(headers: &[String], choices: &MappingChoices, settings: &Settings) -> Result<Vec<String>, &'static str> {
    let mapping = Mapping::decide(headers, choices, settings, |nameless| nameless).map_err(|problem| {
        assert!(!problem.hint.is_empty() && problem.message.len() < 100_000, "a refusal without measure");
        problem.code.key()
    })?;
    assert!(mapping.columns.iter().map(|column| &column.header).eq(headers), "the columns are others than the headers");
    let targets: Vec<_> = mapping.columns.iter().filter_map(|column| column.target).collect();
    judge_targets(&targets, settings);
    let has = |field| targets.contains(&Meant::Field(field));
    let says_who = match settings.record_type.identity() {
        IdentityKind::Email => has(Field::Email),
        IdentityKind::PlatformAndHandle => {
            let has_account = targets.iter().any(|target| matches!(target, Meant::Account(_)));
            has(Field::Handle) || has(Field::ProfileUrl) || has_account
        }
    };
    assert!(says_who, "no column says who a person is: {targets:?}");
    if let Some(again) = mapping.choices_again(settings) {
        let again = Mapping::decide(headers, &again, settings, |_| vec![]);
        assert_eq!(again.as_ref(), Ok(&mapping), "said again it is another mapping");
    }
    let mut labels: Vec<_> = targets.iter().map(|target| target.label(settings)).collect();
    labels.sort_unstable();
    Ok(labels)
}

fn judge_suggestions(headers: &[String], samples: &[Vec<String>], settings: &Settings) {
    let suggestions = suggest(headers, samples, settings, &[]);
    assert_eq!(suggestions.len(), headers.len(), "a suggestion for every column");
    judge_targets(&suggestions.iter().filter_map(|suggestion| suggestion.target).collect::<Vec<_>>(), settings);
}

fn judge_targets(targets: &[Meant], settings: &Settings) {
    let mut seen = HashSet::new();
    for target in targets {
        let label = target.label(settings);
        assert!(seen.insert(label.clone()), "two columns are {label}");
        let is_importable = match target {
            Meant::Field(field) => is_importable(*field, settings.record_type),
            _ => Meant::parse(&label, settings) == Some(*target),
        };
        assert!(is_importable, "{} have no {label}", settings.record_type.plural());
    }
}
