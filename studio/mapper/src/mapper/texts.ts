// Every word of the trees, by key, with its English. Types only: the words themselves come with the trees, translated.
//
// `{name}` stands for a value. Where a number decides the form, the key ends in _one and _other (other languages may
// add _few and _many, as Intl.PluralRules calls them).

import type { Texts } from "../data.ts";

export interface English {
  source: "Source";
  target: "Target";
  mapper: "Field mappings";
  search_source: "Search source fields";
  search_target: "Search target fields";
  search: "Search";
  only_unmapped: "Unmapped";
  only_unmapped_source: "Show only source fields that go nowhere yet";
  only_unmapped_target: "Show only target fields that are not mapped yet";
  open_all: "Open all groups";
  close_all: "Close all groups";
  fields_one: "{count} field";
  fields_other: "{count} fields";
  found_one: "{count} found";
  found_other: "{count} found";
  progress: "{mapped} of {required} required mapped in this step";
  progress_none: "Nothing is required in this step";
  problems_one: "{count} problem in the flow";
  problems_other: "{count} problems in the flow";
  problems_none: "No problems in the flow";
  next_problem: "Go to the next problem (F8)";
  loading: "Loading the fields";
  empty_source: "The source has no fields";
  empty_source_help: "Choose the records to read, or a sample of them.";
  empty_target: "The target has no fields";
  empty_target_help: "Choose what this step writes.";
  no_sample: "No sample record is chosen: values are not shown.";
  no_match: "No field matches";
  no_match_help: "Search by title, name in the document, or value.";
  all_mapped: "All of these are mapped";
  gone_title: "No longer in the schema";
  gone_help: "Drag it onto a field to give it a new home";
  move_to: "Move to {target}";
  type_text: "text";
  type_number: "number";
  type_integer: "whole number";
  type_boolean: "yes or no";
  type_date: "date";
  type_datetime: "date and time";
  type_object: "group";
  type_list: "list";
  type_any: "any value";
  type_table: "lookup";
  status_ok: "fine";
  status_note: "note";
  status_warning: "warning";
  status_error: "error";
  status_missing: "required, not mapped";
  not_mapped: "not mapped";
  required: "required";
  personal: "personal data";
  write_on_create: "on create";
  write_on_update: "on update";
  write_if_empty: "if empty";
  note: "Note: {note}";
  mapped_from: "mapped from {sources}";
  mapped_fixed: "mapped to a fixed value";
  goes_to: "goes to {targets}";
  goes_nowhere: "goes nowhere yet";
  no_value: "no value";
  working: "working out the value";
  formula_of: "Formula of {field}";
  suggested: "suggested from {source}: {why}";
  accept: "Accept";
  reject: "Reject";
  accept_field: "Accept the suggestion for {target}";
  reject_field: "Reject the suggestion for {target}";
  suggestions_one: "{count} suggestion";
  suggestions_other: "{count} suggestions";
  accept_all: "Accept all";
  reject_all: "Reject all";
  edit: "Edit formula";
  remove: "Remove";
  edit_field: "Edit the formula of {target}";
  remove_field: "Remove the mapping of {target}";
  pick: "Pick {field} to connect it";
  picked_source: "{field} is picked. Choose a target field; Escape cancels.";
  picked_target: "{field} is picked. Choose a source field; Escape cancels.";
  picked_gone: "{field} is picked. Choose the field that is its new home; Escape cancels.";
  cancelled: "Cancelled";
  connected: "{source} goes into {target} now.";
  list_connected: "The list {source} goes into {target} now.";
  moved: "{field} has moved to {target}.";
  removed: "{target} is not mapped any more.";
  removed_part: "{source} does not go into {target} any more.";
  accepted: "The suggestion for {target} is accepted.";
  rejected: "The suggestion for {target} is rejected.";
  already: "{source} goes into {target} already.";
  undone: "Undone";
  redone: "Done again";
  converts: "{from} → {to}";
  will_convert: "is converted: {from} → {to}";
  hardly_fits: "hardly fits: {from} → {to}";
  many_for_one: "many values for one field";
  menu_title: "{target} is mapped already";
  menu_replace: "Replace";
  menu_replace_help: "{source} instead of {old}";
  menu_join: "Join";
  menu_first: "First that exists";
  menu_first_help: "{old}; where it is missing, {source}";
  old_formula: "the formula";
  cancel: "Cancel";
  list_title: "Map {source} to {target}";
  list_help: "Fields of the same name in both lists:";
  list_none: "No field has the same name in both lists.";
  list_replaces: "It takes the place of what is mapped there now. Fields that are mapped already stay as they are.";
  list_apply: "Map the list";
  legend: "What the lines mean";
  legend_field: "Field";
  legend_formula: "Formula";
  legend_list: "List";
  legend_lookup: "Lookup";
  legend_answer: "Setting";
  legend_step: "Earlier step";
  legend_value: "Named value";
  legend_fact: "About the accounts";
  legend_suggestion: "Suggestion";
  keys_move: "move";
  keys_connect: "pick, connect";
  keys_edit: "formula";
  keys_remove: "remove";
  keys_problem: "next problem";
  unsaved: "Not saved yet: trying again";
}

export type TextKey = keyof English;
type Counted<Key> = Key extends `${infer Stem}_other` ? Stem : never;
type CountKey = Counted<TextKey>;

const ISOLATE = "\u2068";
const END = "\u2069";

/** The words in one language. */
export class Words {
  private readonly plurals: Intl.PluralRules;
  private readonly numbers: Intl.NumberFormat;

  constructor(
    private readonly texts: Texts,
    language: string,
  ) {
    const known = Intl.NumberFormat.supportedLocalesOf(language || "en");
    this.plurals = new Intl.PluralRules(known);
    this.numbers = new Intl.NumberFormat(known);
  }

  /** The text of a key; values from outside cannot change the direction of what stands around them. */
  say(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return this.filled(this.texts[key] ?? key, values);
  }

  /** The text of a key in the form that a number asks for. */
  count(stem: CountKey, count: number): string {
    const text = this.texts[`${stem}_${this.plurals.select(count)}`] ?? this.texts[`${stem}_other`] ?? stem;
    return this.filled(text, { count });
  }

  /** A number as people write it. */
  plain(number: number): string {
    return this.numbers.format(number);
  }

  private filled(text: string, values: Readonly<Record<string, string | number>>): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? this.numbers.format(value) : ISOLATE + value + END;
    });
  }
}
