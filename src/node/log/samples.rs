//! Some days of a small shop, with one of each trouble that histories have; the same each time but for the clock.

use super::{
    expected::Expected,
    proposed::{Content, Proposed},
    transaction::Batch,
};
use rusqlite::Result;
use uuid::Uuid;

const SECOND: i64 = 10_000_000;
const MINUTE: i64 = 60 * SECOND;
/// All samples are younger than this.
pub const SPAN: i64 = 4 * 24 * 60 * MINUTE;
/// From one order to the next; forty of them span almost four days.
const BETWEEN: i64 = 137 * MINUTE;
const LAST: u32 = 39;
const SPACE: Uuid = Uuid::from_u128(0x6869_6e64_7369_6768_742d_7361_6d70_6c65);

const USERS: [&str; 12] = [
    "alice",
    "bob",
    "用户42",
    "さくら",
    "👩‍🍳 Zoë",
    "chen.wei",
    "Łukasz",
    "maria",
    "김서연",
    "user-1007",
    "Ольга",
    "dave",
];
const TOTALS: [&str; 12] = [
    "99.90",
    "0.10",
    "9007199254740993.25",
    "1250.00",
    "42.5",
    "7",
    "19.99",
    "310.05",
    "64.00",
    "5.25",
    "880.1",
    "12.34",
];

/// Accounts of the README's example: the order that each event comes after, the account, type and data. One is overdrawn, one closed.
const ACCOUNTS: [(u32, &str, &str, &str); 18] = [
    (0, "7", "AccountOpened", r#"{"Owner":"Zoë","Currency":"EUR"}"#),
    (1, "7", "MoneyDeposited", r#"{"Amount":100}"#),
    (2, "12", "AccountOpened", r#"{"Owner":"ada","Currency":"USD"}"#),
    (4, "12", "MoneyDeposited", r#"{"Amount":250.00}"#),
    (5, "7", "MoneyWithdrawn", r#"{"Amount":30.50}"#),
    (7, "15", "AccountOpened", r#"{"Owner":"用户42","Currency":"EUR"}"#),
    (8, "15", "MoneyDeposited", r#"{"Amount":80}"#),
    (10, "12", "MoneyWithdrawn", r#"{"Amount":19.99}"#),
    (13, "12", "MoneyWithdrawn", r#"{"Amount":300}"#),
    (14, "7", "MoneyDeposited", r#"{"Amount":12.25}"#),
    (16, "15", "MoneyWithdrawn", r#"{"Amount":80}"#),
    (17, "15", "AccountClosed", "{}"),
    (20, "12", "MoneyDeposited", r#"{"Amount":75}"#),
    (22, "21", "AccountOpened", r#"{"Owner":"bob","Currency":"GBP"}"#),
    (25, "7", "MoneyWithdrawn", r#"{"Amount":7.10}"#),
    (28, "21", "MoneyDeposited", r#"{"Amount":0.10}"#),
    (29, "21", "MoneyDeposited", r#"{"Amount":0.20}"#),
    (33, "30", "AccountOpened", r#"{"Owner":"さくら","Currency":"EUR"}"#),
];
/// From an order to the account's event behind it: after the order's last event, before the next order.
const ACCOUNT_AFTER: i64 = 75 * MINUTE;

struct Shop<'b, 'a> {
    batch: &'b mut Batch<'a>,
    /// When the current order was created.
    start: i64,
    order: String,
    written: u32,
}

/// Writes the samples into an empty log.
pub fn write(batch: &mut Batch<'_>) -> Result<()> {
    let end = batch.staged.now - MINUTE;
    let mut shop = Shop { batch, start: 0, order: String::new(), written: 0 };
    for n in 0..=LAST {
        shop.start = end - i64::from(LAST - n) * BETWEEN + (uneven(n) - uneven(LAST)) * MINUTE;
        shop.order = id(n);
        shop.order(n)?;
        shop.account(n)?;
    }
    shop.batch.staged.now = end;
    Ok(())
}

/// Minutes that an order is late, so that they do not come like clockwork.
fn uneven(n: u32) -> i64 {
    i64::from(n * 37 % 50)
}

/// Eight hex digits, or now and then a whole UUID.
fn id(n: u32) -> String {
    let full = Uuid::new_v5(&SPACE, &n.to_le_bytes());
    if n % 9 == 4 { full.to_string() } else { full.simple().to_string()[..8].to_owned() }
}

impl Shop<'_, '_> {
    fn order(&mut self, n: u32) -> Result<()> {
        let (user, total) = (USERS[n as usize % USERS.len()], TOTALS[n as usize % TOTALS.len()]);
        match n {
            3 => self.paid_twice(user, total),
            6 => self.unknown_type(user, total),
            9 => self.broken_data(user, total),
            12 => {
                self.put(0, "OrderCreated", &format!(r#"{{"OrderID":"{}","UserID":"{user}"}}"#, self.order))
            }
            15 => self.foreign_id(user, total),
            18 => self.paid_first(user, total),
            21 => self.truncated(user, total),
            24 => self.removed(user, total, false),
            27 => self.removed(user, total, true),
            30 => self.long(user, total),
            _ => self.usual(n, user, total),
        }
    }

    fn usual(&mut self, n: u32, user: &str, total: &str) -> Result<()> {
        self.created(user, total)?;
        // The newest orders and some older ones wait for their payment.
        if n % 5 == 2 || n > LAST - 3 { Ok(()) } else { self.paid(i64::from(n % 7 + 2) * MINUTE) }
    }

    fn paid_twice(&mut self, user: &str, total: &str) -> Result<()> {
        self.created(user, total)?;
        self.paid(4 * MINUTE)?;
        self.paid(5 * MINUTE + 3 * SECOND)
    }

    fn unknown_type(&mut self, user: &str, total: &str) -> Result<()> {
        self.created(user, total)?;
        self.note(2 * MINUTE, "customer asked for gift wrapping")?;
        self.paid(6 * MINUTE)
    }

    fn broken_data(&mut self, user: &str, total: &str) -> Result<()> {
        self.created(user, total)?;
        // Strict parsers refuse the comma; the projections of a real server do not, so the event is linked.
        self.put(3 * MINUTE, "OrderPaid", &format!(r#"{{"OrderID":"{}",}}"#, self.order))
    }

    fn foreign_id(&mut self, user: &str, total: &str) -> Result<()> {
        self.created(user, total)?;
        self.put(3 * MINUTE, "OrderPaid", &format!(r#"{{"OrderID":"{}"}}"#, id(14)))
    }

    fn paid_first(&mut self, user: &str, total: &str) -> Result<()> {
        self.paid(0)?;
        self.created_at(2 * SECOND, user, total)
    }

    /// Forty events, of which the first twelve are gone.
    fn truncated(&mut self, user: &str, total: &str) -> Result<()> {
        self.created(user, total)?;
        for n in 1..39 {
            self.note(n * MINUTE, &format!("parcel scanned at stop {n}"))?;
        }
        self.paid(39 * MINUTE)?;
        self.put_to("$$", 40 * MINUTE, "$metadata", r#"{"$tb":12}"#)
    }

    fn removed(&mut self, user: &str, total: &str, tombstone: bool) -> Result<()> {
        self.created(user, total)?;
        self.paid(MINUTE)?;
        self.batch.staged.now = self.start + 20 * MINUTE;
        self.batch.remove(&format!("order-{}", self.order), Expected::Any, tombstone).map(drop)
    }

    fn long(&mut self, user: &str, total: &str) -> Result<()> {
        self.created(user, total)?;
        for n in 1..=1998 {
            self.note(n * SECOND, &format!("temperature {}.{} °C", 3 + n % 5, n * 7 % 10))?;
        }
        self.paid(2000 * SECOND)
    }

    fn created(&mut self, user: &str, total: &str) -> Result<()> {
        self.created_at(0, user, total)
    }

    fn created_at(&mut self, after: i64, user: &str, total: &str) -> Result<()> {
        let data = format!(r#"{{"OrderID":"{}","UserID":"{user}","Total":{total}}}"#, self.order);
        self.put(after, "OrderCreated", &data)
    }

    fn paid(&mut self, after: i64) -> Result<()> {
        self.put(after, "OrderPaid", &format!(r#"{{"OrderID":"{}"}}"#, self.order))
    }

    fn note(&mut self, after: i64, note: &str) -> Result<()> {
        self.put(after, "OrderNoteAdded", &format!(r#"{{"Note":"{note}"}}"#))
    }

    fn put(&mut self, after: i64, kind: &str, data: &str) -> Result<()> {
        self.put_to("", after, kind, data)
    }

    fn put_to(&mut self, prefix: &str, after: i64, kind: &str, data: &str) -> Result<()> {
        self.written += 1;
        let id = |n: u32| Uuid::new_v5(&SPACE, format!("event {n}").as_bytes());
        let is_correlated = self.order.as_bytes()[0].is_multiple_of(2) && prefix.is_empty();
        let meta = is_correlated.then(|| correlated(&self.order, id(self.written - 1)));
        let event = proposed(id(self.written), kind, data, meta.unwrap_or_default());
        self.batch.staged.now = self.start + after;
        let stream = format!("{prefix}order-{}", self.order);
        self.batch.append(&stream, Expected::Any, &[event]).map(drop)
    }

    /// What happened to an account after this order.
    fn account(&mut self, n: u32) -> Result<()> {
        let Some((_, account, kind, data)) = ACCOUNTS.iter().find(|(after, ..)| *after == n) else {
            return Ok(());
        };
        let stream = format!("account-{account}");
        let id = |after: u32| Uuid::new_v5(&SPACE, format!("{stream} {after}").as_bytes());
        let before = ACCOUNTS.iter().rfind(|(after, of, ..)| *after < n && of == account);
        let meta = before.map(|(before, ..)| correlated(&stream, id(*before)));
        self.batch.staged.now = self.start + ACCOUNT_AFTER;
        let event = proposed(id(n), kind, data, meta.unwrap_or_default());
        self.batch.append(&stream, Expected::Any, &[event]).map(drop)
    }
}

fn correlated(flow: &str, cause: Uuid) -> String {
    let flow = Uuid::new_v5(&SPACE, flow.as_bytes());
    format!(r#"{{"$correlationId":"{flow}","$causationId":"{cause}"}}"#)
}

fn proposed(id: Uuid, kind: &str, data: &str, meta: String) -> Proposed {
    Proposed {
        id: id.into_bytes(),
        kind: kind.into(),
        content: Content::of(true, data.as_bytes()),
        data: data.to_owned().into(),
        meta: meta.into(),
    }
}
