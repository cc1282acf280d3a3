//! Who one is, and what one may read.

use super::{change, diagnose, fails, line, offered, tested, warns};
use crate::node::grpc::field;
use crate::production::{guarded, signed, write};
use crate::rights::users;
use crate::run;
use hindsight::store::{Finding, StepKind};

const ONLY_ADMINS: &str = r#"{"$acl":{"$r":"$admins"}}"#;

#[test]
fn a_wrong_password_asks_for_the_right_one() {
    run(async {
        let node = guarded().await;
        let wrong = node.connection_string().replace("esdb://", "esdb://ann:wr@ng@");
        let found = diagnose(&wrong).await;
        fails(&found, StepKind::Login, "The server does not accept the user \"ann\" with this password.");
        let asks = change(&found, "Type the password of ann…").apply(found.given());
        assert_eq!(asks.asks_password_of().as_deref(), Some("ann"));
        let then = tested(asks.with_password("changeit")).await;
        assert!(then.connects(), "{then:?}");
    });
}

#[test]
fn a_server_that_asks_who_one_is_offers_the_user_that_every_database_knows() {
    run(async {
        let node = guarded().await;
        let found = diagnose(&node.connection_string()).await;
        fails(&found, StepKind::Login, "The server asks who you are.");
        let asks = change(&found, "Type the password of admin…").apply(found.given());
        let then = tested(asks.with_password("changeit")).await;
        assert!(then.connects(), "{then:?}");
    });
}

#[test]
fn a_disabled_user_is_refused_and_said_to_be_perhaps_disabled() {
    run(async {
        let node = guarded().await;
        assert!(diagnose(&signed(&node, "ann")).await.connects());
        users(&node, "Disable", &[field(1, "ann")]).await;
        let found = diagnose(&signed(&node, "ann")).await;
        fails(&found, StepKind::Login, "the user may also be disabled.");
    });
}

/// Not being allowed to read `$all` is no fault.
#[test]
fn an_ordinary_user_is_well() {
    run(async {
        let node = guarded().await;
        let (ann, admin) = (signed(&node, "ann"), signed(&node, "admin"));
        write(&admin, "order-a", "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":1}"#).await;
        let found = diagnose(&ann).await;
        let (step, said) = line(&found, StepKind::Rights);
        assert!(found.connects() && matches!(step.finding, Finding::Passed(_)), "{found:?}");
        assert!(
            said.starts_with("$all may not be read, which is no fault: streams are listed by $"),
            "{said}"
        );
        assert_eq!(line(&found, StepKind::Login).1, "The user \"ann\" is accepted.");
        assert!(offered(&found).is_empty(), "{:?}", offered(&found));

        for hidden in ["$$$streams", "$$$ce-order"] {
            write(&admin, hidden, "$metadata", ONLY_ADMINS).await;
        }
        let found = diagnose(&ann).await;
        warns(&found, StepKind::Rights, "may read neither $all nor $streams, so streams cannot be listed.");
        assert!(found.connects(), "a stream can be opened by its name");

        let ours = r#"{"$userStreamAcl":{"$r":"$admins"}}"#;
        write(&admin, "$settings", "update-default-acl", ours).await;
        let found = diagnose(&ann).await;
        fails(&found, StepKind::Rights, "may read neither $all nor $streams");
    });
}

#[test]
fn a_password_over_plain_text_is_said() {
    run(async {
        let node = guarded().await;
        let found = diagnose(&signed(&node, "admin")).await;
        warns(&found, StepKind::Tls, "the password of \"admin\" can be read by anybody on the way.");
        assert!(found.connects());
        let found = diagnose(&node.connection_string()).await;
        assert!(matches!(line(&found, StepKind::Tls).0.finding, Finding::Passed(_)), "no password, no leak");
    });
}
