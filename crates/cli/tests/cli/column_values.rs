//! What a new custom field is made of: the values of a column of a draft, and the type that its cells suggest. The lists are
//! the samples with mistakes in them.

use std::fmt::Write as _;
use std::path::Path;

use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;
use serde_json::{Value, json};

use crate::place::Place;
use crate::serving::{Answer, Server, full_token};

/// A server with a token; drafts are made as they are needed.
struct Drafts {
    place: Place,
    server: Server,
    key: String,
}

impl Drafts {
    fn on(place: Place) -> Self {
        let key = full_token(&place);
        let server = Server::start(&place);
        Self { place, server, key }
    }

    fn new() -> Self {
        Self::on(Place::new())
    }

    /// The id of a draft of this list.
    fn of(&self, list: impl AsRef<[u8]>, query: &str) -> String {
        self.place.file("list.csv", list);
        let uploaded = self.server.upload(&self.key, &format!("/api/v1/drafts?{query}"), &self.place, "list.csv");
        assert_eq!(uploaded.status, 201, "{uploaded:?}");
        uploaded.json()["import"]["import"].as_str().expect("an id").to_owned()
    }

    fn of_sample(&self, record_type: &str) -> String {
        let sample = format!("../../samples/{record_type}-real-life.csv");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(sample);
        self.of(std::fs::read(path).expect("a sample"), &format!("as={record_type}"))
    }

    fn at(&self, id: &str, rest: &str) -> Answer {
        self.server.get(&self.key, &format!("/api/v1/imports/{id}{rest}"))
    }

    /// The answer, and its values with the number of their rows.
    #[track_caller]
    fn values(&self, id: &str, column: &str) -> (Value, Vec<(String, u64)>) {
        let (column, query) = column.split_once('?').unwrap_or((column, ""));
        let answer = self.at(id, &format!("/columns/{column}/values?{query}"));
        assert_eq!(answer.status, 200, "{answer:?}");
        let answer = answer.json();
        let values = answer["values"].as_array().expect("values").iter();
        let values = values.map(|value| {
            (value["value"].as_str().expect("text").to_owned(), value["rows"].as_u64().expect("a number"))
        });
        let values = values.collect();
        (answer, values)
    }

    fn correct(&self, id: &str, correction: &Value) {
        let path = format!("/api/v1/imports/{id}/corrections");
        let corrected = self.server.curl(&self.key, &path, &["--json", &correction.to_string()]);
        assert_eq!(corrected.status, 200, "{corrected:?}");
    }
}

fn counted(values: &[(&str, u64)]) -> Vec<(String, u64)> {
    values.iter().map(|(value, rows)| ((*value).to_owned(), *rows)).collect()
}

fn values_of_samples(drafts: &Drafts) {
    let advocates = drafts.of_sample("advocates");
    let (answer, tiers) = drafts.values(&advocates, "M");
    assert_eq!(tiers, counted(&[("Gold", 4), ("Silver", 8), ("Bronze", 17), ("Platinum", 1)]));
    let rest = ["column", "header", "more", "too_long"].map(|key| answer[key].clone());
    assert_eq!(json!(rest), json!(["M", "Tier", false, 0]));
    let (_, topics) = drafts.values(&advocates, "n?several=true");
    assert_eq!(topics, counted(&[("Reference", 5), ("Speaking", 8), ("Review", 19), ("Podcasts", 1)]));
    let (_, whole) = drafts.values(&advocates, "N");
    assert_eq!(whole[0], ("Reference, Speaking".to_owned(), 1), "cut only if asked");
    assert_eq!(drafts.values(&advocates, "R").1, [], "what stands right of the headers has no header");

    let prospects = drafts.of_sample("prospects");
    let (_, names) = drafts.values(&prospects, "A");
    assert!(names.contains(&("Ada".to_owned(), 3)), "{names:?}");
    for nobody in ["Vorname", "Summe", "Seite 1", "Erstellt am 18.03.2026"] {
        assert!(names.iter().all(|(name, _)| name != nobody), "{nobody}");
    }
}

#[test]
fn the_values_of_a_column_are_those_of_the_whole_file() {
    values_of_samples(&Drafts::new());
}

#[test]
fn the_values_of_a_column_are_the_same_on_postgresql() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let place = Place::on(&database.url());
    place.done(&["migrate"]);
    values_of_samples(&Drafts::on(place));
}

#[test]
fn values_are_as_they_are_corrected_and_those_too_long_are_counted() {
    let drafts = Drafts::new();
    let long = "x".repeat(256);
    let fits = "y".repeat(255);
    let list = format!(
        "Name,Email,Club\nAnna,anna@example.com,'=Red\nBen,ben@example.com, red \nCem,cem@example.com,{long}\n\
         Dan,dan@example.com,{fits}\nEva,eva@example.com, \nExample Advocate,example.advocate@example.com,Sample\n\
         Fay,fay@example.com,RED\nGus,not an address,\"Red, BLUE, blue\"\n"
    );
    let id = drafts.of(list, "as=advocates");
    let (answer, values) = drafts.values(&id, "C");
    let before = [("=Red", 1), ("red", 2), (fits.as_str(), 1), ("Red, BLUE, blue", 1)];
    assert_eq!(values, counted(&before), "the example of the template is nobody");
    assert_eq!(answer["too_long"], 1);
    drafts.correct(&id, &json!({"row": 2, "column": "C", "value": "Red"}));
    drafts.correct(&id, &json!({"row": 4, "column": "C", "value": "Green"}));
    let (answer, values) = drafts.values(&id, "c?several=true");
    assert_eq!(values, counted(&[("Red", 4), ("Green", 1), (&fits, 1), ("BLUE", 1)]));
    assert_eq!(answer["too_long"], 0);
}

#[test]
fn of_many_values_the_first_are_told() {
    let drafts = Drafts::new();
    let mut list = "Name,Email,Code\n".to_owned();
    for i in 0..20_000 {
        writeln!(list, "Person {i},person{i}@example.com,code {}", i % 300).expect("written");
    }
    let id = drafts.of(list, "as=advocates");
    let (answer, values) = drafts.values(&id, "C");
    assert_eq!((values.len(), &answer["more"]), (200, &json!(true)));
    assert_eq!((&values[0], &values[199]), (&("code 0".to_owned(), 67), &("code 199".to_owned(), 67)));
    let exactly = (0..200).fold("Name,Email,Code\n".to_owned(), |list, i| format!("{list}P,p{i}@example.com,{i}\n"));
    let id = drafts.of(exactly, "as=advocates");
    let (answer, values) = drafts.values(&id, "C");
    assert_eq!((values.len(), &answer["more"]), (200, &json!(false)));
}

#[test]
fn a_column_that_is_not_there_is_told() {
    let drafts = Drafts::new();
    let id = drafts.of("Name,Email,Tier\nAnna,anna@example.com,Gold\n", "as=advocates");
    for column in ["D", "Tier", "AAAAAAAAAAAAAAAA", "1"] {
        let refused = drafts.at(&id, &format!("/columns/{column}/values"));
        assert_eq!((refused.status, refused.text("code").as_str()), (404, "not_found"), "{refused:?}");
        assert!(refused.body.contains(&format!("The file has no column \\\"{column}\\\"")), "{refused:?}");
        assert!(refused.body.contains("here A to C"), "{refused:?}");
    }
    let unknown = drafts.at(&id, "/columns/C/values?several=perhaps");
    assert_eq!(unknown.status, 400, "{unknown:?}");
    assert_eq!(drafts.at("imp_00000000000000000000000000", "/columns/A/values").status, 404);
}

#[test]
fn the_suggested_type_of_a_new_field_is_what_most_cells_are() {
    let drafts = Drafts::new();
    let kinds = |record_type: &str| {
        let id = drafts.of_sample(record_type);
        let shown = drafts.at(&id, "/draft").json();
        let columns = shown["columns"].as_array().expect("columns").iter();
        let new = columns.filter_map(|column| {
            Some((column["header"].as_str()?.to_owned(), column["suggestion"]["new_field"].as_str()?.to_owned()))
        });
        new.collect::<Vec<_>>()
    };
    let named = |kinds: &[(&str, &str)]| -> Vec<(String, String)> {
        kinds.iter().map(|(header, kind)| ((*header).to_owned(), (*kind).to_owned())).collect()
    };
    let advocates = [("Tier", "text"), ("Topics", "text"), ("Seats", "number"), ("Customer since", "date")];
    assert_eq!(kinds("advocates"), named(&[&advocates[..], &[("Newsletter", "yes_no")]].concat()));
    let prospects = [("Interests", "text"), ("Lead score", "number"), ("First contact", "date")];
    assert_eq!(
        kinds("prospects"),
        named(&[&prospects[..], &[("May be called", "yes_no"), ("Media kit", "text")]].concat())
    );
    let creators = [("Niche", "text"), ("Fee per post", "number"), ("Contract until", "date")];
    assert_eq!(kinds("creators"), named(&[&creators[..], &[("Exclusive", "yes_no"), ("Agency", "text")]].concat()));
}
