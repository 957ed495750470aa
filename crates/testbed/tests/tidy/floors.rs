//! Which crate may depend on which. Invariant: an edge between two of our crates leads to a lower
//! floor, and a floor is without the libraries it exists to forbid.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

/// From the ground up; the name of a package is `convoke-` and the floor, and `convoke` for `cli`.
const FLOORS: [&str; 6] = ["people", "pipeline", "store", "app", "server", "cli"];

/// What only tests may use.
const TESTBED: &str = "testbed";

/// What testbed may use: it feeds mutated files to the pure floors. It starts nothing of the product.
const TRIED_IN_TESTBED: [&str; 2] = ["people", "pipeline"];

/// What a floor is without, directly or (where `everywhere`) through any other library.
struct Ban {
    floor: &'static str,
    everywhere: bool,
    libraries: &'static [&'static str],
    reason: &'static str,
}

const BANS: [Ban; 5] = [
    Ban {
        floor: "people",
        everywhere: true,
        libraries: &["rusqlite", "postgres", "tokio", "reqwest", "axum", "hyper", "csv", "jiff", "rand"],
        reason: "people knows no I/O, SQL, HTTP, clock, chance or file format",
    },
    Ban {
        floor: "pipeline",
        everywhere: true,
        libraries: &["rusqlite", "postgres", "tokio", "axum", "reqwest", "jiff", "rand"],
        reason: "pipeline is pure functions from bytes to plans",
    },
    Ban {
        floor: "store",
        everywhere: false,
        libraries: &["axum", "hyper", "reqwest", "csv", "calamine"],
        reason: "store knows SQL, but no HTTP and no file format",
    },
    Ban {
        floor: "app",
        everywhere: false,
        libraries: &["rusqlite", "postgres", "axum"],
        reason: "app leaves SQL to store and HTTP to server",
    },
    Ban {
        floor: "server",
        everywhere: false,
        libraries: &["rusqlite", "postgres"],
        reason: "server leaves SQL to store",
    },
];

/// What belongs to the executable alone.
const ONLY_CLI: [&str; 3] = ["anyhow", "clap", "indicatif"];

/// Judges the output of `cargo metadata`; each complaint is a sentence with crate, edge and rule.
pub(super) fn complaints(metadata: &Value) -> Vec<String> {
    let graph = Graph::read(metadata);
    let mut complaints = vec![];
    for member in &graph.members {
        match FLOORS.iter().position(|floor| floor == member) {
            Some(floor) => {
                complaints.extend(graph.edges_of(member).filter_map(|edge| edge_complaint(floor, edge)));
                complaints.extend(graph.banned(member));
            }
            None if member == TESTBED => {
                let is_above = |floor: &str| FLOORS.contains(&floor) && !TRIED_IN_TESTBED.contains(&floor);
                let upwards = graph.edges_of(member).filter(|edge| is_above(&edge.to));
                let rule = "testbed stands beside the stairs and uses no floor but the pure ones it tries";
                complaints.extend(upwards.map(|edge| format!("{member} -> {}: {rule}", edge.to)));
            }
            None => complaints.push(format!("{member}: a crate without a floor; say in tidy where it stands")),
        }
    }
    complaints
}

fn edge_complaint(floor: usize, edge: &Edge) -> Option<String> {
    let (from, to) = (FLOORS[floor], edge.to.as_str());
    if to == TESTBED {
        let rule = "testbed is for tests, use it as a dev-dependency";
        return edge.in_product.then(|| format!("{from} -> {to}: {rule}"));
    }
    let target = FLOORS.iter().position(|name| *name == to)?;
    (target >= floor).then(|| format!("{from} -> {to}: stairs only go down, {}", FLOORS.join(" < ")))
}

/// A dependency between two packages; our crates go by their floors' names.
struct Edge {
    to: String,
    /// For the product itself (normal), not only for its tests or its build.
    in_product: bool,
}

struct Graph {
    members: BTreeSet<String>,
    /// By the name of the dependent package. Versions of one package count as one.
    edges: BTreeMap<String, Vec<Edge>>,
}

impl Graph {
    fn read(metadata: &Value) -> Self {
        let names: BTreeMap<&str, String> = array(&metadata["packages"])
            .map(|package| (text(&package["id"]), floor_name(text(&package["name"]))))
            .collect();
        let members = array(&metadata["workspace_members"]).map(|id| names[text(id)].clone());
        let mut edges: BTreeMap<String, Vec<Edge>> = BTreeMap::new();
        for node in array(&metadata["resolve"]["nodes"]) {
            let of_node = edges.entry(names[text(&node["id"])].clone()).or_default();
            of_node.extend(array(&node["deps"]).map(|dependency| Edge {
                to: names[text(&dependency["pkg"])].clone(),
                in_product: array(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null()),
            }));
        }
        Self { members: members.collect(), edges }
    }

    fn edges_of(&self, package: &str) -> impl Iterator<Item = &Edge> {
        self.edges.get(package).into_iter().flatten()
    }

    /// Complaints about the libraries that the floor is without.
    fn banned(&self, floor: &str) -> Vec<String> {
        let mut complaints = vec![];
        let direct: Vec<&str> =
            self.edges_of(floor).filter(|edge| edge.in_product).map(|edge| edge.to.as_str()).collect();
        let only_cli = ONLY_CLI.iter().filter(|library| floor != "cli" && direct.contains(library));
        complaints.extend(only_cli.map(|library| format!("{floor} -> {library}: only cli may use {library}")));
        for ban in BANS.iter().filter(|ban| ban.floor == floor) {
            for library in ban.libraries {
                let chain = match ban.everywhere {
                    true => self.chain(floor, library),
                    false => direct.contains(library).then(|| format!("{floor} -> {library}")),
                };
                complaints.extend(chain.map(|chain| format!("{chain}: {}", ban.reason)));
            }
        }
        complaints
    }

    /// The shortest way from one package to another through dependencies of the product.
    fn chain(&self, from: &str, to: &str) -> Option<String> {
        let mut seen = BTreeSet::from([from]);
        let mut chains = VecDeque::from([(from, from.to_owned())]);
        while let Some((package, chain)) = chains.pop_front() {
            if package == to {
                return Some(chain);
            }
            for edge in self.edges_of(package).filter(|edge| edge.in_product) {
                if seen.insert(&edge.to) {
                    chains.push_back((&edge.to, format!("{chain} -> {}", edge.to)));
                }
            }
        }
        None
    }
}

fn floor_name(package: &str) -> String {
    match package {
        "convoke" => "cli",
        _ => package.strip_prefix("convoke-").unwrap_or(package),
    }
    .to_owned()
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("cargo metadata has a string here")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_stairs_of_the_design_are_allowed() {
        let allowed = [
            ("convoke", "convoke-server", None),
            ("convoke", "convoke-people", None),
            ("convoke-store", "convoke-pipeline", None),
            ("convoke-store", "convoke-testbed", Some("dev")),
            ("convoke-people", "csv", Some("dev")),
            ("convoke-pipeline", "csv", None),
            ("convoke-store", "postgres", None),
            ("convoke", "clap", None),
        ];
        assert_eq!(complaints(&metadata(&allowed)), Vec::<String>::new());
    }

    #[test]
    fn an_edge_that_goes_up_is_named() {
        let expected = "pipeline -> store: stairs only go down, \
                        people < pipeline < store < app < server < cli";
        assert_eq!(complaints(&metadata(&[("convoke-pipeline", "convoke-store", None)])), [expected]);
        assert_eq!(complaints(&metadata(&[("convoke-pipeline", "convoke-store", Some("dev"))])), [expected]);
    }

    #[test]
    fn testbed_is_for_tests_only() {
        let expected = ["app -> testbed: testbed is for tests, use it as a dev-dependency"];
        assert_eq!(complaints(&metadata(&[("convoke-app", "convoke-testbed", None)])), expected);
        let expected =
            ["testbed -> app: testbed stands beside the stairs and uses no floor but the pure ones it tries"];
        assert_eq!(complaints(&metadata(&[("convoke-testbed", "convoke-app", None)])), expected);
        assert_eq!(complaints(&metadata(&[("convoke-testbed", "convoke-pipeline", None)])), Vec::<String>::new());
    }

    #[test]
    fn a_forbidden_library_is_named_with_its_rule() {
        let expected = ["app -> rusqlite: app leaves SQL to store and HTTP to server"];
        assert_eq!(complaints(&metadata(&[("convoke-app", "rusqlite", None)])), expected);
        let expected = ["store -> anyhow: only cli may use anyhow"];
        assert_eq!(complaints(&metadata(&[("convoke-store", "anyhow", None)])), expected);
    }

    #[test]
    fn the_lowest_floors_are_pure_through_and_through() {
        let hidden = [("convoke-pipeline", "innocent", None), ("innocent", "tokio", None)];
        let expected = ["pipeline -> innocent -> tokio: pipeline is pure functions from bytes to plans"];
        assert_eq!(complaints(&metadata(&hidden)), expected);
        // app has SQL below it, and that is what store is for.
        let through_store = [("convoke-app", "convoke-store", None), ("convoke-store", "postgres", None)];
        assert_eq!(complaints(&metadata(&through_store)), Vec::<String>::new());
    }

    #[test]
    fn a_crate_without_a_floor_is_named() {
        let expected = ["utilities: a crate without a floor; say in tidy where it stands"];
        assert_eq!(complaints(&metadata(&[("convoke-utilities", "csv", None)])), expected);
    }

    /// What cargo would print for these edges; our own crates are the members.
    fn metadata(edges: &[(&str, &str, Option<&str>)]) -> Value {
        let names: BTreeSet<&str> = edges.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
        let packages = names.iter().map(|name| json!({"id": format!("id of {name}"), "name": name}));
        let members = names.iter().filter(|name| name.starts_with("convoke"));
        let nodes = names.iter().map(|name| {
            let deps = edges.iter().filter(|(from, ..)| from == name).map(
                |(_, to, kind)| json!({"pkg": format!("id of {to}"), "dep_kinds": [{"kind": kind, "target": null}]}),
            );
            json!({"id": format!("id of {name}"), "deps": deps.collect::<Vec<_>>()})
        });
        json!({
            "packages": packages.collect::<Vec<_>>(),
            "workspace_members": members.map(|name| format!("id of {name}")).collect::<Vec<_>>(),
            "resolve": {"nodes": nodes.collect::<Vec<_>>()},
        })
    }
}
