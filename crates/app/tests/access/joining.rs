//! The first owner, invitations, and the workspaces somebody belongs to.

use convoke_app::joining::{Acceptance, FirstOwner};
use convoke_app::people::id::WorkspaceId;
use convoke_app::store::memberships::Role;
use convoke_app::workspaces::WorkspaceChange;

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
    assert_eq!(owner.workspace.expect("the first one").role, "owner");
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
    assert_eq!(ben.signed_in.current().expect("read").workspace.expect("joined").role, "manager");
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
    let roles: Vec<_> = mine.iter().map(|workspace| (workspace.name.as_str(), workspace.role.as_str())).collect();
    assert_eq!(roles, [("First", "viewer"), ("Second", "admin")]);
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

access_test!(an_owner_renames_the_workspace_and_chooses_who_writes, |world| {
    let owner = world.owner();
    let change = |name: Option<&str>, sender: Option<String>| {
        let workspace = owner.workspace().expect("read").expect("open");
        workspace.change_settings(&WorkspaceChange { name: name.map(str::to_owned), default_sender: sender })
    };
    let anna = owner.member.id.to_string();
    let changed = change(Some("Renamed"), Some(anna.clone())).expect("changed");
    assert_eq!((changed.name.as_str(), changed.default_sender), ("Renamed", Some(anna)));
    for wrong in [change(Some(" "), None), change(None, Some("mem_0000000000009".to_owned()))] {
        assert_eq!(wrong.expect_err("wrong").code(), "usage");
    }
});
