//! Kept answers: one for each workspace, route, actor and key, written with the effect or not at all, and forgotten in time.

use convoke_people::id::WorkspaceId;
use convoke_store::answers::{AnswerKey, KeptAnswer, find_answer, forget_answers, keep_answer};
use convoke_store::groups::{NewGroup, add_group, list_groups};
use convoke_store::{Result, Store, StoreError};

use crate::databases::store_test;

fn of(key: &str) -> AnswerKey {
    AnswerKey {
        workspace: WorkspaceId(1),
        route: "POST /groups".to_owned(),
        actor: "a".to_owned(),
        key: key.to_owned(),
    }
}

fn answer(body: &str) -> KeptAnswer {
    let location = Some("/groups/1".to_owned());
    KeptAnswer { request_hash: vec![7; 32], status: 201, location, body: body.as_bytes().to_vec() }
}

fn act(store: &Store, key: &AnswerKey, name: &str, expired: i64) -> Result<()> {
    let id = convoke_people::id::GroupId(name.len() as i64);
    store.write(|tx| {
        add_group(tx, WorkspaceId(1), &NewGroup { id, name, key: name, description: None, join_code: None })?;
        keep_answer(tx, key, &answer(name), expired)
    })
}

fn groups(store: &Store) -> usize {
    store.read(|r| list_groups(r, WorkspaceId(1))).expect("groups").len()
}

store_test!(a_second_answer_under_a_key_takes_its_effect_back, |test| {
    let store = &test.store;
    act(store, &of("k"), "one", 0).expect("the first");
    assert!(matches!(act(store, &of("k"), "second", 0), Err(StoreError::Conflict(_))));
    assert_eq!(groups(store), 1);
    let found = store.read(|r| find_answer(r, &of("k"), 0)).expect("read");
    assert_eq!(found, Some(answer("one")));
    for other in [
        AnswerKey { workspace: WorkspaceId(2), ..of("k") },
        AnswerKey { route: "POST /tags".to_owned(), ..of("k") },
        AnswerKey { actor: "b".to_owned(), ..of("k") },
        of("K"),
    ] {
        assert_eq!(store.read(|r| find_answer(r, &other, 0)).expect("read"), None, "{other:?}");
    }
});

store_test!(of_two_at_once_one_takes_effect, |test| {
    let names = ["a", "bb", "ccc", "dddd", "eeeee", "ffffff"];
    let done = std::thread::scope(|scope| {
        let acting: Vec<_> = names.map(|name| scope.spawn(move || act(&test.store, &of("k"), name, 0).is_ok())).into();
        acting.into_iter().map(|acting| acting.join().expect("no panic")).filter(|done| *done).count()
    });
    assert_eq!((done, groups(&test.store)), (1, 1));
});

store_test!(an_answer_gives_way_when_it_is_old_and_is_forgotten, |test| {
    let store = &test.store;
    act(store, &of("k"), "one", 0).expect("the first");
    let later = store.now() + 60_000_000;
    assert_eq!(store.read(|r| find_answer(r, &of("k"), later)).expect("read"), None);
    act(store, &of("k"), "second", later).expect("the old one gives way");
    let found = store.read(|r| find_answer(r, &of("k"), 0)).expect("read").expect("kept");
    assert_eq!(found.body, b"second");
    assert_eq!(store.write(|tx| forget_answers(tx, WorkspaceId(2), later)).expect("done"), 0);
    assert_eq!(store.write(|tx| forget_answers(tx, WorkspaceId(1), 0)).expect("done"), 0);
    assert_eq!(store.write(|tx| forget_answers(tx, WorkspaceId(1), later)).expect("done"), 1);
    assert_eq!(store.read(|r| find_answer(r, &of("k"), 0)).expect("read"), None);
});
