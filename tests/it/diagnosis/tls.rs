//! Certificates, good and bad, of the server and of the client.

use super::{change, diagnose, fails, helps, line, offered, tested, warns};
use crate::certificates::Authority;
use crate::run;
use hindsight::node::{Config, Node, Security};
use hindsight::sentences::certificate_parts;
use hindsight::store::{Change, Finding, StepKind};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

#[test]
fn a_good_certificate_says_whose_it_is_until_when_and_its_key() {
    run(async {
        let authority = Authority::new("Acme Root");
        let until = |params: &mut CertificateParams| params.not_after = date_time_ymd(2199, 3, 1);
        let node = authority.node(&["127.0.0.1", "db.example"], until).await;
        let url = format!("esdb://{}?tlsCaFile={}", node.address(), authority.file("ca.pem"));
        let found = diagnose(&url).await;
        let (step, said) = line(&found, StepKind::Tls);
        assert!(found.connects() && matches!(step.finding, Finding::Passed(_)), "{found:?}");
        for part in ["\"db.example\"", "127.0.0.1", "\"CN=Acme Root\"", "2199-03-01", "EC P-256"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let parts = certificate_parts(step.certificate.as_ref().unwrap());
        assert_eq!(parts.each_ref().map(|(name, _)| *name), ["Subject", "Issuer", "Names", "Valid", "Key"]);
    });
}

#[test]
fn an_rsa_key_says_its_size() {
    run(async {
        let authority = Authority::new("Acme Root");
        let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
        let certificate =
            CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
        let files = (
            authority.write("rsa.pem", certificate.pem()).into(),
            authority.write("rsa.key", key.serialize_pem()).into(),
        );
        let security = Security { tls: Some(files), ..Security::default() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        let found =
            diagnose(&format!("esdb://{}?tlsCaFile={}", node.address(), authority.file("rsa.pem"))).await;
        assert!(line(&found, StepKind::Tls).1.contains("RSA 2048 bits"), "{found:?}");
    });
}

#[test]
fn a_certificate_for_another_name_offers_the_names_that_lead_there() {
    run(async {
        let authority = Authority::new("Acme Root");
        let node = authority.node(&["localhost", "db.invalid", "*.example", "10.1.2.3"], |_| {}).await;
        let at = node.address();
        let found = diagnose(&format!("esdb://{at}?tlsCaFile={}", authority.file("ca.pem"))).await;
        fails(&found, StepKind::Tls, &format!("The certificate of {at} is not for \"127.0.0.1\": it holds"));
        assert!(line(&found, StepKind::Tls).0.certificate.is_some(), "it can be shown");
        assert_eq!(offered(&found), ["Connect as localhost"], "the others lead elsewhere or nowhere");
        helps(&found, "Connect as localhost").await;
    });
}

#[test]
fn an_unknown_issuer_asks_for_its_file() {
    run(async {
        let authority = Authority::new("Acme Root");
        let other = Authority::new("Other Root");
        let node = authority.node(&["127.0.0.1"], |_| {}).await;
        let at = node.address();
        for given in [format!("esdb://{at}"), format!("esdb://{at}?tlsCaFile={}", other.file("ca.pem"))] {
            let found = diagnose(&given).await;
            fails(&found, StepKind::Tls, &format!("The certificate of {at} is signed by \"CN=Acme Root\""));
            assert_eq!(change(&found, "Use another CA file…"), Change::ChooseAuthority);
            let chosen = Change::UseAuthority(authority.file("ca.pem"));
            let then = tested(chosen.apply(found.given())).await;
            assert!(then.connects(), "{then:?}");
        }
    });
}

#[test]
fn a_self_signed_certificate_is_its_own_authority() {
    run(async {
        let authority = Authority::new("Acme Root");
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
        let file = authority.write("self.pem", certificate.pem());
        let files = (file.clone().into(), authority.write("self.key", key.serialize_pem()).into());
        let security = Security { tls: Some(files), ..Security::default() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        let found = diagnose(&format!("esdb://{}", node.address())).await;
        fails(&found, StepKind::Tls, "is signed by itself");
        assert!(line(&found, StepKind::Tls).0.certificate.as_ref().unwrap().is_self_signed());
        assert_eq!(offered(&found), ["Use another CA file…"]);
        let then = tested(Change::UseAuthority(file).apply(found.given())).await;
        assert!(then.connects(), "{then:?}");
    });
}

#[test]
fn a_certificate_out_of_its_time_is_the_servers_to_mend() {
    run(async {
        let authority = Authority::new("Acme Root");
        let file = authority.file("ca.pem");
        for (is_past, says) in
            [(true, "expired on 2024-03-01 00:00 UTC."), (false, "is valid only from 2199-03-01 00:00 UTC.")]
        {
            let change = |params: &mut CertificateParams| {
                if is_past {
                    params.not_after = date_time_ymd(2024, 3, 1);
                } else {
                    params.not_before = date_time_ymd(2199, 3, 1);
                }
            };
            let node = authority.node(&["127.0.0.1"], change).await;
            let found = diagnose(&format!("esdb://{}?tlsCaFile={file}", node.address())).await;
            fails(&found, StepKind::Tls, says);
            assert!(offered(&found).is_empty(), "{:?}", offered(&found));
        }
    });
}

#[test]
fn a_client_certificate_that_is_missing_or_refused_is_named() {
    run(async {
        let (authority, other) = (Authority::new("Acme Root"), Authority::new("Other Root"));
        let at = authority.strict_server().await;
        let url = format!("esdb://{at}?tlsCaFile={}", authority.file("ca.pem"));
        let found = diagnose(&url).await;
        fails(&found, StepKind::Tls, "asks for a client certificate (CertificateRequired). Name yours");
        let (certificate, key) = other.sign("eve", &["eve"], |_| {});
        let (certificate, key) = (certificate.display(), key.display());
        let found = diagnose(&format!("{url}&userCertFile={certificate}&userKeyFile={key}")).await;
        fails(&found, StepKind::Tls, "does not trust the authority that signed it");
        assert!(offered(&found).is_empty(), "{:?}", offered(&found));
    });
}

#[test]
fn a_certificate_that_is_not_checked_is_said_and_checked_again_where_it_is_good() {
    run(async {
        let authority = Authority::new("Acme Root");
        let node = authority.node(&["127.0.0.1"], |_| {}).await;
        let at = node.address();
        let found = diagnose(&format!("esdb://{at}?tlsVerifyCert=false")).await;
        warns(&found, StepKind::Tls, "so anybody on the way can read along: nobody whom this machine trusts");
        assert!(found.connects() && offered(&found) == ["Use another CA file…"], "{:?}", offered(&found));
        let found = tested(Change::UseAuthority(authority.file("ca.pem")).apply(found.given())).await;
        warns(&found, StepKind::Tls, "need not be left unchecked: it is good.");
        helps(&found, "Leave out tlsVerifyCert").await;
    });
}

#[test]
fn a_file_that_is_no_certificate_is_a_fault_of_the_string() {
    run(async {
        let authority = Authority::new("Acme Root");
        let node = authority.node(&["127.0.0.1"], |_| {}).await;
        let at = node.address();
        let found = diagnose(&format!("esdb://{at}?tlsCaFile=/none/ca.pem")).await;
        fails(&found, StepKind::ConnectionString, "The file \"/none/ca.pem\" of tlsCaFile does not exist");
        assert_eq!(offered(&found), ["Use another CA file…"]);
        let file = authority.file("ca.pem");
        let found = diagnose(&format!("esdb://{at}?tlsCaFile={file}&userCertFile={file}")).await;
        fails(&found, StepKind::ConnectionString, "has userCertFile without userKeyFile");
        helps(&found, "Leave out userCertFile").await;
    });
}
