//! What an import uses is taken away while it runs.

use std::fmt::Write as _;

use serde_json::json;

use crate::judge::{Table, adds_up, judge_witness};
use crate::place::{Place, engines};
use crate::server::Server;

const ROWS: u64 = 20_000;

#[test]
fn a_custom_field_that_is_deleted_while_it_is_imported_is_asked_for_and_harms_no_row() {
    for engine in engines() {
        let mut place = Place::new(engine);
        let scopes = ["read", "import", "fields"].map(|scope| ["--scope", scope]).concat();
        place.token = place.done(&[&["token", "create", "fields"], scopes.as_slice()].concat()).trim().to_owned();
        place.watch_imports();
        let server = Server::start(&place);
        let made = server.post(
            "/api/v1/fields",
            json!({"record_type": "advocate", "name": "Level", "type": "text"}).to_string().as_bytes(),
        );
        assert_eq!(made.status, 201, "{}", made.text());
        let field = format!("/api/v1/fields/{}", made.says("id"));
        let mut body = "Name,Email,Level\n".to_owned();
        for n in 0..ROWS {
            let _ = writeln!(body, "Person {n},person.{n}@example.com,Level {}", n % 7);
        }
        let import = server.import(body.as_bytes());
        // At once: it waits, or has begun.
        let asked = server.ask("DELETE", &field, b"").expect("an answer");
        assert!(asked.status == 409 && asked.text().contains(&import), "it names the import: {}", asked.text());
        let deleted = server.ask("DELETE", &format!("{field}?confirm=true"), b"").expect("an answer");
        assert_eq!(deleted.status, 204, "{}", deleted.text());
        let done = server.until(&import, &["completed", "paused", "failed"]);
        assert_eq!((&done["status"], &done["counts"]["created"]), (&"completed".into(), &ROWS.into()), "{done}");
        assert_eq!(adds_up(&done), Ok(()));
        // Nobody shows a value of a field that is gone.
        let people = place.people();
        assert_eq!(people.len() as u64, ROWS);
        assert!(!json!(people).to_string().contains("Level 3"), "{}", people[0]);
        assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()), "{engine:?}");
    }
}
