//! The README's example: every command and every rule of it.

use super::record;
use hindsight::aggregate::script::{Definition, Folds, Script, ScriptAggregate};
use hindsight::aggregate::{
    Aggregate, Applied, CommandForm, FieldKind, InputError, NewEvent, Refusal, State, Target, Tone, leaves,
};
use hindsight::history::Timeline;
use hindsight::record::{Record, StreamName};
use std::sync::Arc;

pub const TEXT: &str = include_str!("../../../assets/accounts.js");

pub fn accounts() -> Arc<ScriptAggregate> {
    let script = Script { file: "accounts.js".into(), text: TEXT.into() };
    match Definition::read(script).unwrap().folds() {
        Folds::Streams(_, aggregate) => aggregate.clone(),
        Folds::Partitions(_) => panic!("accounts are folded by stream"),
    }
}

/// An account as a service that follows the definition writes it.
struct Account {
    aggregate: Arc<ScriptAggregate>,
    state: State,
    written: Vec<Record>,
}

impl Account {
    fn new() -> Self {
        let aggregate = accounts();
        let state = aggregate.initial(&StreamName::new("account-7"));
        Self { aggregate, state, written: Vec::new() }
    }

    fn form(&self, name: &str) -> &CommandForm {
        self.aggregate.schema().commands.iter().find(|form| &*form.name == name).unwrap()
    }

    fn decide(&self, name: &str, texts: &[&str]) -> Result<Vec<NewEvent>, Refusal> {
        let command = self.aggregate.command(self.form(name), texts, "fresh").unwrap();
        assert_eq!(command.stream.as_str(), "account-7");
        self.aggregate.decide(&self.state, &command)
    }

    /// What the command appends is folded as it is stored.
    #[track_caller]
    fn does(&mut self, name: &str, texts: &[&str]) {
        for event in self.decide(name, texts).unwrap() {
            let data = String::from_utf8(event.data.to_vec()).unwrap();
            assert_eq!(self.fold(&event.event_type, &data), Applied::Folded);
            assert!(self.form(name).appends.contains(&event.event_type), "the form says what it appends");
        }
    }

    #[track_caller]
    fn refuses(&self, name: &str, texts: &[&str], text: &str, because_of: Option<&str>) {
        let refusal = self.decide(name, texts).unwrap_err();
        assert_eq!((refusal.text.as_str(), refusal.because_of.as_deref()), (text, because_of));
    }

    fn fold(&mut self, event_type: &str, data: &str) -> Applied {
        let record = record("account-7", self.written.len() as u64, event_type, data);
        let applied = self.aggregate.apply(&mut self.state, (&record).into(), &mut Vec::new());
        self.written.push(record);
        applied
    }

    fn shows(&self, path: &str) -> String {
        let fields = self.aggregate.fields(&self.state).unwrap();
        leaves(&fields).into_iter().find(|(of, _)| &***of == path).unwrap().1.to_string()
    }

    fn status(&self) -> (String, Tone) {
        let status = self.aggregate.status(&self.state).unwrap();
        (status.label.to_string(), status.tone)
    }
}

#[test]
fn an_account_is_opened_used_and_closed_by_its_commands() {
    let mut account = Account::new();
    account.refuses("DepositMoney", &["7", "1"], "the account is not open", Some("Status"));
    account.does("OpenAccount", &["Zoë", "EUR", "7"]);
    account.refuses("OpenAccount", &["ada", "USD", "7"], "the account was opened before", Some("Status"));
    account.does("DepositMoney", &["7", "0.1"]);
    account.does("DepositMoney", &["7", "0.20"]);
    assert_eq!((account.shows("Owner"), account.shows("Balance")), ("\"Zoë\"".into(), "0.3".into()));
    account.refuses("WithdrawMoney", &["7", "0.31"], "the balance is 0.3", Some("Balance"));
    account.refuses("WithdrawMoney", &["7", "-1"], "the amount must be above zero", None);
    account.refuses("CloseAccount", &["7"], "the balance is 0.3", Some("Balance"));
    account.does("WithdrawMoney", &["7", "0.3"]);
    assert_eq!(account.status(), ("Open".to_owned(), Tone::Good));
    account.does("CloseAccount", &["7"]);
    assert_eq!(account.status(), ("Closed".to_owned(), Tone::Neutral));
    account.refuses("WithdrawMoney", &["7", "1"], "the account is not open", Some("Status"));
    assert_eq!(account.aggregate.outside_state(), None);
}

#[test]
fn what_breaks_the_accounts_rules_is_a_problem_at_its_revision() {
    let mut account = Account::new();
    account.does("OpenAccount", &["ada", "EUR", "7"]);
    let Applied::Problem(problem) = account.fold("MoneyWithdrawn", r#"{"Amount":25}"#) else {
        panic!("it was folded")
    };
    assert_eq!((problem.kind, problem.text.as_str()), ("script-problem", "The balance would be -25"));
    account.fold("AccountClosed", "{}");
    account.fold("MoneyWithdrawn", r#"{"Amount":1}"#);
    let mut timeline = Timeline::new(account.aggregate.clone(), StreamName::new("account-7"));
    for record in account.written {
        timeline.push(record);
    }
    assert_eq!(
        timeline.problem_text(3).unwrap(),
        "MoneyWithdrawn, but the account is not open at revision 2. The state stays as it was after revision 2."
    );
    let fault = timeline.frame(Some(3)).problem.unwrap().fault.unwrap();
    assert_eq!(fault.lines(), ["at MoneyWithdrawn (accounts.js:20:32)"]);
    assert_eq!(timeline.setter("Status", Some(3)), Some(2));
    assert_eq!(timeline.frame(Some(0)).fields.unwrap().len(), 4);
}

#[test]
fn the_accounts_tell_their_columns_words_and_forms() {
    let account = Account::new();
    let schema = account.aggregate.schema();
    let columns: Vec<_> = schema.columns.iter().map(|column| (&*column.label, column.numeric)).collect();
    assert_eq!(columns, [("Owner", false), ("Balance", true), ("Currency", false)]);
    let words: Vec<_> = schema.statuses.iter().map(|status| &*status.word).collect();
    assert_eq!(words, ["open", "closed"]);
    assert_eq!(schema.event_tone("MoneyWithdrawn"), Some(Tone::Warning));
    let forms: Vec<_> = schema.commands.iter().map(|form| (&*form.label, form.target)).collect();
    assert_eq!(
        forms,
        [
            ("Open account", Target::New),
            ("Deposit money", Target::Existing),
            ("Withdraw money", Target::Existing),
            ("Close account", Target::Existing)
        ]
    );
    let open = account.form("OpenAccount");
    let kinds: Vec<_> = open.fields.iter().map(|field| (field.kind.clone(), field.required)).collect();
    let currencies = ["EUR", "USD", "GBP"].map(Arc::from).to_vec();
    assert_eq!(
        kinds,
        [(FieldKind::Text, true), (FieldKind::Choice(currencies), true), (FieldKind::Text, false)]
    );
    assert_eq!(
        account.aggregate.command(open, &["ada", "CHF", ""], "fresh").unwrap_err(),
        InputError::Invalid("The Currency \"CHF\" is none of its words. Use EUR, USD, GBP.".to_owned())
    );
    let fresh = account.aggregate.command(open, &["ada", "EUR", ""], "fresh").unwrap();
    assert_eq!((fresh.stream.as_str(), fresh.creates), ("account-fresh", true));
}
