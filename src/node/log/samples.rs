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

/// Orders that a customer's stream and a payment belong to, and the customer.
const FLOWS: [(u32, &str); 4] = [(1, "8"), (16, "17"), (31, "17"), (35, "8")];
const PLACE: &str = "shop";
/// The order that is paid twice, and the revision of its second payment.
const PAID_TWICE: u32 = 3;
const SECOND_PAYMENT: u64 = 2;

struct Shop<'b, 'a> {
    batch: &'b mut Batch<'a>,
    /// When the current order was created.
    start: i64,
    order: String,
    written: u32,
    /// The last event of the current order, or what came in between, that the next one follows.
    cause: Option<Uuid>,
    /// Who does what comes next, in which service, and expecting what, where that is told.
    who: &'static str,
    place: &'static str,
    expected: Option<&'static str>,
}

/// The stream of the order that is paid twice, and the revision of its second payment.
pub fn paid_twice() -> (String, u64) {
    (format!("order-{}", id(PAID_TWICE)), SECOND_PAYMENT)
}

/// Writes the samples into an empty log.
pub fn write(batch: &mut Batch<'_>) -> Result<()> {
    let end = batch.staged.now - MINUTE;
    let mut shop = Shop {
        batch,
        start: 0,
        order: String::new(),
        written: 0,
        cause: None,
        who: PLACE,
        place: PLACE,
        expected: None,
    };
    for n in 0..=LAST {
        shop.start = end - i64::from(LAST - n) * BETWEEN + (uneven(n) - uneven(LAST)) * MINUTE;
        shop.order = id(n);
        (shop.cause, shop.who) = (None, USERS[n as usize % USERS.len()]);
        (shop.place, shop.expected) = (PLACE, None);
        shop.order(n)?;
        shop.beside(n)?;
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
            PAID_TWICE => self.paid_twice(user, total),
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
        if n % 5 == 2 || n > LAST - 3 {
            return Ok(());
        }
        let paid = i64::from(n % 7 + 2) * MINUTE;
        if let Some((_, customer)) = FLOWS.iter().find(|(order, _)| *order == n) {
            self.flow(customer, total, paid)?;
        }
        self.paid(paid)
    }

    /// What the order's correlation has in other streams before it is paid.
    fn flow(&mut self, customer: &str, total: &str, paid: i64) -> Result<()> {
        let (order, cause) = (self.order.clone(), self.cause);
        let placed = format!(r#"{{"CustomerID":"{customer}","OrderID":"{order}"}}"#);
        self.put_in(&format!("customer-{customer}"), 2 * SECOND, "OrderPlaced", &placed, "place")?;
        self.cause = cause;
        let received = format!(r#"{{"OrderID":"{order}","CustomerID":"{customer}","Amount":{total}}}"#);
        self.put_in(&format!("payment-{order}"), paid - 20 * SECOND, "PaymentReceived", &received, "receive")
    }

    /// What the database wrote by itself after this order: parked messages and a projection's results.
    fn beside(&mut self, n: u32) -> Result<()> {
        match n {
            9 => self.parked(
                1,
                9 * MINUTE,
                "The data of OrderPaid is no JSON: trailing comma at line 1 column 23",
            ),
            24 => self.parked(0, 25 * MINUTE, "Maximum retry count reached."),
            _ if n % 10 == 5 => self.results(n),
            _ => Ok(()),
        }
    }

    /// A message that the group `invoices` could not handle, as a server notes it.
    fn parked(&mut self, revision: u64, after: i64, reason: &str) -> Result<()> {
        let now = self.start + after;
        let added = jiff::Timestamp::from_nanosecond(i128::from(now) * 100).unwrap_or_default();
        let meta = serde_json::json!({ "added": added.to_string(), "reason": reason, "subscriptionEventNumber": self.written });
        let link = Proposed {
            content: Content::of(false, b""),
            ..proposed(self.next_id(), "$>", &format!("{revision}@order-{}", self.order), meta.to_string())
        };
        self.batch.staged.now = now;
        self.batch
            .append("$persistentsubscription-$ce-order::invoices-parked", Expected::Any, &[link])
            .map(drop)
    }

    /// How many orders there are by now, in all and of one user, as a projection `sales` would write it.
    fn results(&mut self, n: u32) -> Result<()> {
        self.batch.staged.now = self.start + 30 * MINUTE;
        let user = USERS[5];
        let own = (0..=n).filter(|n| USERS[*n as usize % USERS.len()] == user).count();
        for (stream, orders) in [
            ("$projections-sales-result".to_owned(), n as usize + 1),
            (format!("$projections-sales-{user}-result"), own),
        ] {
            let result =
                proposed(self.next_id(), "Result", &format!(r#"{{"orders":{orders}}}"#), String::new());
            self.batch.append(&stream, Expected::Any, &[result])?;
        }
        Ok(())
    }

    fn paid_twice(&mut self, user: &str, total: &str) -> Result<()> {
        self.created(user, total)?;
        // Two requests from two services, each decided on the order as it was created; only the first expected it so.
        let created = self.cause;
        (self.who, self.place, self.expected) = ("maria (support)", "back office", Some("exactly 0"));
        self.paid(4 * MINUTE)?;
        (self.cause, self.who) = (created, "checkout retry");
        (self.place, self.expected) = ("payments", Some("any"));
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
        let stream = format!("{prefix}order-{}", self.order);
        if !prefix.is_empty() {
            let event = proposed(self.next_id(), kind, data, String::new());
            self.batch.staged.now = self.start + after;
            return self.batch.append(&stream, Expected::Any, &[event]).map(drop);
        }
        let command = match kind {
            "OrderCreated" => "create",
            "OrderPaid" => "pay",
            _ => "note",
        };
        self.put_in(&stream, after, kind, data, command)
    }

    fn next_id(&mut self) -> Uuid {
        self.written += 1;
        Uuid::new_v5(&SPACE, format!("event {}", self.written).as_bytes())
    }

    /// An event of the order's correlation, which the next one follows.
    fn put_in(&mut self, stream: &str, after: i64, kind: &str, data: &str, command: &str) -> Result<()> {
        let id = self.next_id();
        let mut meta = serde_json::json!({ "$correlationId": Uuid::new_v5(&SPACE, self.order.as_bytes()) });
        if let Some(cause) = self.cause.replace(id) {
            meta["$causationId"] = cause.to_string().into();
        }
        let request = Uuid::new_v5(&SPACE, format!("request {}", self.written).as_bytes());
        meta["who"] = self.who.into();
        meta["where"] = self.place.into();
        meta["command"] = command.into();
        meta["request"] = request.to_string().into();
        if let Some(expected) = self.expected {
            meta["expected"] = expected.into();
        }
        self.batch.staged.now = self.start + after;
        self.batch.append(stream, Expected::Any, &[proposed(id, kind, data, meta.to_string())]).map(drop)
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
