/** What the server says, for the type check only; nothing loads this file. */

export type Lang = "zh" | "en";
export type Bilingual = Record<Lang, string>;
export type FactValue = string | number | boolean;
export type Facts = Record<string, FactValue>;
export type Stance = "preferred" | "option" | "caution" | "not_recommended";

export interface Button {
  title: string;
  id: string;
}

export interface Custom {
  kind: "question" | "options" | "answer" | "comparison" | "reference" | "facts" | "decline" | "summary";
  lang: Lang;
  knowledge_version: string;
  facts?: Facts;
  statements?: string[];
  citations?: number[];
  therapies?: string[];
  why?: string;
  change?: string | null;
}

export interface Message {
  text: string;
  buttons?: Button[];
  custom?: Custom;
}

export interface Turn {
  id: string;
  text: string;
  at: number;
  messages: Message[];
}

export interface Case {
  facts: Facts;
  words: Record<string, string>;
  unknown: string[];
  lang: Lang | null;
}

export interface Choice {
  value: string | boolean;
  label: Bilingual;
  short: Bilingual;
}

export interface FactDefinition {
  id: string;
  label: Bilingual;
  question: Bilingual;
  why: Bilingual;
  choices: Choice[];
  short: Bilingual | null;
  kind: "choice" | "integer" | "number";
  limits: [number | null, number | null];
}

export interface Therapy {
  id: string;
  group: string;
  name: Bilingual;
  short: Bilingual;
  parent: string | null;
}

export interface Result {
  measure: string;
  arm: Bilingual | null;
  time: { value: number; unit: "month" | "year" } | null;
  relation: "=" | "<" | "<=" | ">" | ">=" | "about";
  value: number | null;
  low: number | null;
  high: number | null;
  unit: string;
  statistic: string;
  count: [number, number] | null;
  p: string | null;
}

export interface Statement {
  id: string;
  place: string;
  citations: number[];
  authors: string[];
  kind: string;
  therapies: string[];
  design: string;
  n: number | null;
  n_lesions: number | null;
  population: Bilingual | null;
  results: Result[];
  text: Bilingual;
  short: Bilingual;
  questions: Record<Lang, string[]>;
  concerns: string[];
  notes: string[];
}

export interface Reference {
  number: number;
  state: "verified" | "memory" | "unresolved";
  named: string | null;
  subject: Bilingual;
  authors: string | null;
  title: string | null;
  journal: string | null;
  year: string | null;
  volume_pages: string | null;
  doi: string | null;
  link: string | null;
  statements: string[];
}

export interface Picture {
  name: string;
  title: string;
  alt: string;
  width: number;
  height: number;
  citations: number[];
  therapies: string[];
  notes: { id: string; text: string }[];
  table: { columns: string[]; rows: { cells: string[]; statement: string }[] };
}

export interface OptionView {
  id: string;
  stance: Stance;
  rules: string[];
  statements: string[];
  cautions: string[];
  citations: number[];
  because: string[];
  would_change: string[];
}

export interface OpenEffect {
  value: FactValue;
  span: string | null;
  adds: string[];
  removes: string[];
  restances: string[];
  cautions: string[];
}

export interface OpenFact {
  fact: string;
  decisive: boolean;
  effects: OpenEffect[];
}

export interface Overview {
  facts: Facts;
  options: OptionView[];
  others: { id: string; against: string[]; open: string[] }[];
  missing: OpenFact[];
  contradictions: { id: string; facts: string[]; text: Bilingual }[];
  mdt: string[];
  knowledge_version: string;
}

/** The review as the server tells it, ready to be looked up. */
export interface Review {
  therapies: Map<string, Therapy>;
  facts: Map<string, FactDefinition>;
  statements: Map<string, Statement>;
  references: Map<number, Reference>;
  names: { designs: Record<string, Bilingual>; sections: Record<string, Bilingual> };
  pictures: Partial<Record<Lang, Picture[]>>;
}

export type Words = (typeof import("./words.js").WORDS)["en"];

/** What the parts of the widget may ask of the whole. */
export interface Context {
  readonly lang: Lang;
  readonly words: Words;
  readonly review: Review;
  readonly server: string;
  readonly paged: boolean;
  say(text: string): void;
  edit(fact: string, value: FactValue | null, unknown?: boolean): void;
  go(route: string): void;
  /** The address of a route that can be linked to from anywhere. */
  address(route: string): string;
  showReference(number: number): void;
  showOption(option: OptionView, overview: Overview): void;
  /** Something of the conversation beside its messages; nothing if that failed, which the user is told. */
  ask(what: "export" | "feedback", more?: Record<string, unknown>): Promise<any>;
  tell(text: string): void;
}

export interface OutgoingFrame {
  type: "say" | "press" | "edit" | "language";
  id: string;
  [key: string]: unknown;
}

/** A message on its way: `state` is "failed" once the server could not answer it. */
export interface Outgoing {
  frame: OutgoingFrame;
  text: string;
  state: "waiting" | "failed";
  reason?: string;
}
