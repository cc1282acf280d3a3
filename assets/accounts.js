// Accounts: copy this file into the folder of your definitions, and open a stream like account-7.

// Numbers are binary floating point: round what is added.
const money = (amount) => Math.round(amount * 100) / 100;

aggregate({
  category: "account",
  initial: { Status: "none", Balance: 0 },

  // How each event changes the state: change it, or return another one.
  when: {
    AccountOpened(s, e) {
      if (s.Status !== "none") problem("AccountOpened, but the account was opened before", "Status");
      return { Status: "open", Owner: e.data.Owner, Currency: e.data.Currency, Balance: 0 };
    },
    MoneyDeposited(s, e) {
      s.Balance = money(s.Balance + e.data.Amount);
    },
    MoneyWithdrawn(s, e) {
      if (s.Status !== "open") problem("MoneyWithdrawn, but the account is not open", "Status");
      s.Balance = money(s.Balance - e.data.Amount);
    },
    AccountClosed(s) {
      s.Status = "closed";
    },
  },

  // What must hold after each event.
  problems: (s) => (s.Balance < 0 ? [`The balance would be ${s.Balance}`] : []),

  status: (s) => s.Status,
  colors: {
    open: "green",
    closed: "gray",
    AccountOpened: "blue",
    MoneyDeposited: "green",
    MoneyWithdrawn: "orange",
    AccountClosed: "gray",
  },
  columns: ["Owner", { path: "Balance", numeric: true }, "Currency"],

  // What can be done: fields for the form, and events that follow from the state, or a refusal.
  commands: {
    OpenAccount: {
      creates: true,
      id: "Account",
      fields: {
        Owner: "text",
        Currency: { choice: ["EUR", "USD", "GBP"] },
        Account: { hint: "new id" },
      },
      decide(s, c) {
        if (s.Status !== "none") refuse("the account was opened before", "Status");
        return [event("AccountOpened", { Owner: c.Owner, Currency: c.Currency })];
      },
    },
    DepositMoney: {
      fields: { Account: "text", Amount: "decimal" },
      decide(s, c) {
        if (s.Status !== "open") refuse("the account is not open", "Status");
        if (c.Amount <= 0) refuse("the amount must be above zero");
        return [event("MoneyDeposited", { Amount: c.Amount })];
      },
    },
    WithdrawMoney: {
      fields: { Account: "text", Amount: "decimal" },
      decide(s, c) {
        if (s.Status !== "open") refuse("the account is not open", "Status");
        if (c.Amount <= 0) refuse("the amount must be above zero");
        if (c.Amount > s.Balance) refuse(`the balance is ${s.Balance}`, "Balance");
        return [event("MoneyWithdrawn", { Amount: c.Amount })];
      },
    },
    CloseAccount: {
      fields: { Account: "text" },
      decide(s) {
        if (s.Status !== "open") refuse("the account is not open", "Status");
        if (s.Balance !== 0) refuse(`the balance is ${s.Balance}`, "Balance");
        return [event("AccountClosed", {})];
      },
    },
  },
});
