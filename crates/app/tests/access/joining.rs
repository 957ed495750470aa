//! The first owner, invitations, and the workspaces somebody belongs to.

use convoke_app::directory::pages::Seen;
use convoke_app::joining::{Acceptance, FirstOwner};
use convoke_app::people::id::WorkspaceId;
use convoke_app::store::memberships::Role;
use convoke_app::workspaces::WorkspaceChange;
use serde_json::json;

use crate::world::{DAY, PASSWORD, access_test, chance, client, later};

fn wanted(secret: &str) -> FirstOwner {
    FirstOwner {
        secret: secret.to_owned(),
        email: "anna@example.com".to_owned(),
        name: "Anna Lee".to_owned(),
        password: PASSWORD.to_owned(),
    }
}

fn acceptance(secret: &str, password: &str) -> Acceptance {
    Acceptance { secret: secret.to_owned(), name: Some("Ben Ito".to_owned()), password: Some(password.to_owned()) }
}

access_test!(the_link_of_the_first_owner_is_good_once_and_for_a_day, |world| {
    let installation = &world.installation;
    let offer = || installation.offer_first_owner(chance).expect("asked");
    let make = |secret: &str| installation.make_first_owner(&wanted(secret), &client(), chance);
    let old = offer().expect("nobody is there yet");
    later(DAY + 1);
    assert_eq!(make(&old).expect_err("out of time").code(), "not_found");
    let (replaced, good) = (offer().expect("still nobody"), offer().expect("still nobody"));
    assert_eq!(make(&replaced).expect_err("replaced").code(), "not_found");
    assert_eq!(make("nonsense").expect_err("never made").code(), "not_found");
    let weak = FirstOwner { password: "password1".to_owned(), ..wanted(&good) };
    assert_eq!(installation.make_first_owner(&weak, &client(), chance).expect_err("weak").code(), "usage");
    make(&good).expect("it was not used up by a mistake");
    assert_eq!(make(&good).expect_err("used").code(), "not_found");
    assert_eq!(offer(), None);
    let owner = world.sign_in("Anna@Example.com").signed_in.current().expect("read");
    assert!(owner.is_operator);
    assert_eq!(owner.workspace.expect("the first one").role.as_deref(), Some("owner"));
});

access_test!(two_who_use_the_first_link_at_once_make_one_owner, |world| {
    let secret = world.installation.offer_first_owner(chance).expect("asked").expect("nobody");
    let made = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4)
            .map(|n| {
                let wanted = FirstOwner { email: format!("person{n}@example.com"), ..wanted(&secret) };
                scope.spawn(move || world.installation.make_first_owner(&wanted, &client(), chance).is_ok())
            })
            .collect();
        tries.into_iter().map(|one| one.join().expect("no panic")).filter(|is_made| *is_made).count()
    });
    assert_eq!((made, world.workspace().members().expect("read").len()), (1, 1));
});

access_test!(an_invitation_is_good_once_for_a_week_and_until_the_next_one, |world| {
    let workspace = world.owner().workspace().expect("read").expect("open");
    let invite =
        || workspace.invite_member("ben@example.com", Role::Manager, &chance().expect("chance")).expect("invited").1;
    let accept = |secret: &str| {
        world.installation.accept_invitation(&acceptance(secret, "another long one"), None, &client(), chance)
    };
    let late = invite();
    later(7 * DAY + 1);
    assert_eq!(accept(&late).expect_err("out of time").code(), "not_found");
    let (replaced, good) = (invite(), invite());
    assert_eq!(accept(&replaced).expect_err("a new one came").code(), "not_found");
    assert_eq!(workspace.member_invitations().expect("read").len(), 1);
    accept(&good).expect("joined");
    assert_eq!(accept(&good).expect_err("used").code(), "not_found");
    let ben = world.installation.sign_in("ben@example.com", "another long one", &client(), chance).expect("signed in");
    assert_eq!(ben.signed_in.current().expect("read").workspace.expect("joined").role.as_deref(), Some("manager"));
    let again = workspace.invite_member("BEN@example.com", Role::Viewer, &chance().expect("chance"));
    assert_eq!(again.expect_err("a member already").code(), "conflict");

    let revoked =
        workspace.invite_member("cleo@example.com", Role::Viewer, &chance().expect("chance")).expect("invited");
    workspace.revoke_member_invitation(revoked.0.id.parse().expect("an id")).expect("revoked");
    assert_eq!(accept(&revoked.1).expect_err("revoked").code(), "not_found");
});

access_test!(who_is_a_member_elsewhere_joins_with_the_own_password_only, |world| {
    let owner = world.owner();
    world.member("ben@example.com", Role::Viewer);
    let second = owner.make_workspace("Second").expect("made");
    let mut owner = owner;
    owner.choose_workspace(second.id.parse().expect("an id")).expect("moved");
    let second = owner.workspace().expect("read").expect("open");
    let invited =
        || second.invite_member("ben@example.com", Role::Admin, &chance().expect("chance")).expect("invited").1;
    let accept = |secret: &str, password: &str| {
        world.installation.accept_invitation(&acceptance(secret, password), None, &client(), chance)
    };
    let secret = invited();
    assert_eq!(accept(&secret, "one that I choose").expect_err("not his").code(), "sign_in_failed");
    accept(&secret, PASSWORD).expect("his own");
    let mut ben = world.sign_in("ben@example.com").signed_in;
    let mine = ben.workspaces().expect("read");
    let roles: Vec<_> = mine.iter().map(|workspace| (workspace.name.as_str(), workspace.role.as_deref())).collect();
    assert_eq!(roles, [("First", Some("viewer")), ("Second", Some("admin"))]);
    assert_eq!(ben.current().expect("read").workspace.map(|open| open.name), Some("First".to_owned()));
    ben.choose_workspace(second.id).expect("moved");
    let next = world.sign_in("ben@example.com").signed_in.current().expect("read");
    assert_eq!(next.workspace.map(|open| open.name), Some("Second".to_owned()), "the last one used");
});

access_test!(a_foreign_workspace_answers_like_an_unknown_one, |world| {
    let owner = world.owner();
    owner.make_workspace("Second").expect("made");
    world.member("ben@example.com", Role::Owner);
    let mut ben = world.sign_in("ben@example.com").signed_in;
    let said = |id: i64, ben: &mut convoke_app::sessions::SignedIn| {
        let error = ben.choose_workspace(WorkspaceId(id)).expect_err("not his");
        error.to_string().replace(&WorkspaceId(id).to_string(), "ID")
    };
    assert_eq!(said(2, &mut ben), said(99, &mut ben));
    assert_eq!(ben.make_workspace("Third").expect_err("not the operator").code(), "permission_missing");
    assert_eq!(owner.make_workspace("second").expect_err("taken").code(), "conflict");
});

access_test!(an_owner_changes_the_workspace_all_that_is_named_or_nothing, |world| {
    let owner = world.owner();
    let open = || owner.workspace().expect("read").expect("open");
    let change = |name: Option<&str>, sender: Option<String>, days: Option<Option<u32>>| {
        let name = name.map(str::to_owned);
        let change = WorkspaceChange { name, default_sender: sender, retention_days: days };
        open().change_settings(&change, &Seen::Any)
    };
    let anna = owner.member.id.to_string();
    let changed = change(Some("Renamed"), Some(anna.clone()), Some(Some(90))).expect("changed");
    let shape = &changed.shape;
    assert_eq!((shape.name.as_str(), &shape.default_sender, shape.retention_days), ("Renamed", &Some(anna), Some(90)));
    assert_eq!(open().shown_settings().expect("read"), changed, "its version as well");
    let nobody = Some("mem_0000000000009".to_owned());
    for wrong in [
        change(Some(" "), None, Some(None)),
        change(Some("Other"), nobody, Some(None)),
        change(Some("Other"), None, Some(Some(0))),
        change(Some("Other"), None, Some(Some(36_501))),
    ] {
        assert_eq!(wrong.expect_err("wrong").code(), "usage");
    }
    assert_eq!(open().shown_settings().expect("read"), changed);
    let cleared = change(None, None, Some(None)).expect("changed");
    assert_eq!((cleared.shape.name.as_str(), cleared.shape.retention_days), ("Renamed", None));
    let log = open().audit(None, 9).expect("read");
    let of = |action: &str| log.items.iter().filter(|entry| entry.action == action).map(|e| e.detail.clone()).collect();
    let (renamed, kept): (Vec<_>, Vec<_>) = (of("workspace_renamed"), of("retention_changed"));
    assert_eq!((renamed.len(), of("default_sender_chosen").len()), (1, 1), "{log:?}");
    assert_eq!(kept, [json!({"from": 90, "to": null}), json!({"from": null, "to": 90})]);
});

access_test!(who_has_seen_another_state_of_the_workspace_does_not_change_it, |world| {
    let owner = world.owner();
    let open = || owner.workspace().expect("read").expect("open");
    let days = |days| WorkspaceChange { retention_days: Some(days), ..WorkspaceChange::default() };
    let seen = Seen::parse(&open().shown_settings().expect("read").etag());
    let changed = open().change_settings(&days(Some(7)), &seen).expect("as it was seen");
    let late = open().change_settings(&days(Some(9)), &seen).expect_err("changed since");
    assert_eq!(late.code(), "changed_meanwhile");
    assert_eq!(open().shown_settings().expect("read").shape.retention_days, Some(7));
    open().change_settings(&days(None), &Seen::parse(&changed.etag())).expect("seen again");
    // Whoever joins changes nothing of it.
    let seen = Seen::parse(&open().shown_settings().expect("read").etag());
    world.member("ben@example.com", Role::Viewer);
    open().change_settings(&days(Some(8)), &seen).expect("as it was seen");
});
