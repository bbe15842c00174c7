// The contract between the server (or a notebook) and the browser: what is sent as JSON, and what modules hand to each
// other. Checked by `tsc`; nothing of it is sent to a browser.

type Outbox = import("./shared/outbox.js").Outbox;
type Sender = import("./shared/sender.js").Sender;
type Form = import("./form/form.js").Form;
type AgreementPanel = import("./form/agreement_panel.js").AgreementPanel;
type FormModel = import("./join/form_model.js").FormModel;
type ReportBack = import("./join/report_back.js").ReportBack;
type Stream = import("./join/stream.js").Stream;

/** An answer as it is stored: words, the id of an option, several of them, a contact, or words of one's own. */
type Value = string | string[] | { other: string } | Record<string, string> | (string | { other: string })[] | null;

interface Option {
  id: string;
  label: string;
  clause?: string;
  reason?: string;
  risk?: string;
  source?: string;
  checked?: string;
}

interface Condition {
  question: string;
  is?: string[];
}

/** toolkit.worksheets.stage_json */
interface Question {
  id: string;
  key: string;
  kind: string;
  ask: string;
  why?: string;
  help?: string;
  example?: string;
  first_answer?: string;
  options?: Option[];
  other?: boolean;
  unsure?: boolean;
  show_if?: Condition[];
}

interface ClientDetailRule {
  id: string;
  name: string;
  pattern: string;
  flags?: string;
  unless?: string;
  why: string;
}

interface ClientDetail {
  rule: string;
  name: string;
  why: string;
  found: string;
}

interface Stage {
  id: string;
  title: string;
  why?: string;
  instruction?: string;
  minutes?: number;
  questions: Question[];
  tripwire?: ClientDetailRule[];
}

/** The worksheet as a phone gets it: toolkit.join.worksheet_json. */
interface Sheet {
  title: string;
  mark: string;
  rules: string[];
  stages: Stage[];
  report_back: string[];
}

/** Who is on this device: toolkit.join.updates. */
interface Me {
  title: string;
  organization: string;
  name: string;
  table: boolean;
  identity: string;
  help: boolean;
}

/** Where the room is: toolkit.join.updates. */
interface RoomState {
  stage: string;
  state: string;
  opened: string[];
  deadline: string | null;
  ended: boolean;
  vote: string;
  ballot: string;
  sheet: string;
  addresses?: string[];
}

/** The answers of a device, with the number up to which they are known: toolkit.join.updates. */
interface AnswersUpdate {
  mine: Record<string, Value>;
  ours: Record<string, Value>;
  upto: number;
  restored: number | string;
  newer: string[];
}

interface Voice {
  id: string;
  who: string;
  mine: boolean;
  reads: string;
  value: Value;
}

interface Proposal {
  id: string;
  who: string;
  mine: boolean;
  reads: string;
  value: Value;
  status: string;
  standing: boolean;
  note?: string;
  made_from?: string[];
  by_table: boolean;
  supporters: number;
  of: number;
  i_support: boolean;
  i_oppose: boolean;
  dissent?: { who: string; note: string; mine: boolean }[];
}

/** What one person may see of the voices on one question: toolkit.answers.visibility. */
interface Voices {
  revealed: boolean;
  table: boolean;
  of: number;
  answered: number;
  status: string;
  tied: boolean;
  voices?: Voice[];
  proposals?: Proposal[];
  counts?: { label: string; n: number }[];
  writing?: string[];
}

/** What a form sends to its host; `type` says what it is, and the rest depends on it. */
interface Message {
  type: string;
  id?: string;
  question?: string;
  [part: string]: unknown;
}

/** A host of a widget: a notebook's model, or FormModel on a phone. */
interface Host {
  get(name: string): any;
  set(name: string, value: unknown): void;
  on(name: string, listener: (...told: any[]) => void): void;
  off(name: string, listener: (...told: any[]) => void): void;
  send(message: Message): void;
}

/** What a control is built from. */
interface FieldContext {
  question: Question;
  id: string;
  texts: Record<string, string>;
  describedBy: string;
}

/** read() is undefined for half an answer, and `unfinished` says what is missing. */
interface Control {
  node: HTMLElement;
  read(): Value | undefined;
  write(value: Value): void;
  unfinished?: string;
}

/** An answer on its way: shared/sender.js. */
interface Pending {
  id: string;
  value?: any;
  at?: number;
  kept?: string;
  timer?: number;
  rested?: { id: string; value?: any } | null;
  sent: { id: string; value?: any; first: number; last?: number } | null;
  waiting: boolean;
  since: number;
  refused: string;
  unfinished: string;
  withheld: { value: any; hit: ClientDetail } | null;
  failed: string;
  late: boolean;
}

/** A pending answer as this device keeps it. */
interface Entry {
  id: string;
  value: any;
  at?: number;
  before?: { id: string; value?: any };
}

/** A piece of a board: toolkit.notebook.blocks. */
interface Block {
  type: string;
  [part: string]: any;
}

/**
 * What the join page knows. `me`, `room`, `sheet`, `model`, `report` and `stream` are null until somebody is in: what
 * can run before that asks first.
 */
interface PageState {
  view: string;
  key: string;
  title: string;
  organizations: string[];
  organization: string;
  typed: { code: string; words: string; organization: string; name: string; table: boolean };
  joining: { said: string; id: string };
  namesAt: number;
  me: Me;
  room: RoomState;
  sheet: Sheet;
  model: FormModel;
  report: ReportBack;
  stream: Stream;
  leave?: (() => void) | null;
  rejoin: string;
  newest: Record<string, number>;
  going: Record<string, Value>;
  held: { question: string; value: Value } | null;
  sheetDue: boolean;
  looking: string;
  values: Record<string, Value>;
  skew: number;
  away: boolean;
  awaySince: number;
  isAddressKnown: boolean;
  isAddressGone: boolean;
  isTurnDue: boolean;
  spoken: Set<string>;
  voicesDue: number | undefined;
  voicesAt: number;
  voicesAsked: number;
  answersDue: number | undefined;
  restored?: number | string;
  isStale: boolean;
  helpSaid: string;
  askedWhoAt: number;
  isGuarded: boolean;
  shownUnsent: string;
  news?: { words: string; isTrue: () => boolean } | null;
  named?: boolean;
  outlining?: number;
  handButton?: HTMLButtonElement;
  takeButton: HTMLButtonElement;
  namingButton: HTMLButtonElement;
  helpTold: HTMLElement;
  footTold: HTMLElement;
  wordsTold?: HTMLElement;
}
