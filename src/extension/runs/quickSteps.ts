// Steps of a question: a quick pick or an input box with "(2/3)" in its title and a way back.
import * as vscode from "vscode";
import { Lifetime } from "#base/lifetime";

/** Where in the question a step stands. */
export interface StepPlace {
  readonly number: number;
  readonly of: number;
}

/** What a step answers when the person wants the step before it. */
const back = Symbol("back");

/** What a step answers: a value, `back`, or undefined when the person leaves. */
export type StepAnswer = string | typeof back | undefined;

/** One step; it sees the answers so far. */
export type Step = (place: StepPlace, answers: readonly string[]) => Promise<StepAnswer>;

type Item = vscode.QuickPickItem & { readonly value: string };

/** Goes through the steps, back and forth; undefined when the person leaves. */
export async function askInSteps(steps: readonly Step[]): Promise<readonly string[] | undefined> {
  const answers: string[] = [];
  for (let index = 0; index < steps.length; ) {
    const answer = await steps[index]?.({ number: index + 1, of: steps.length }, answers);
    if (answer === undefined) return undefined;
    if (answer === back) index -= 1;
    else answers[index++] = answer;
  }
  return answers;
}

/** A step that chooses one of some items. */
export async function pickWithBack(
  question: StepPlace & { readonly title: string; readonly placeholder: string; readonly items: readonly Item[] },
): Promise<StepAnswer> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.items = question.items;
  pick.placeholder = question.placeholder;
  pick.matchOnDescription = true;
  return answered(pick, question, () => pick.selectedItems[0]?.value);
}

/** A step that asks for a line of text; `refuse` says what is wrong with it. */
export async function askWithBack(
  question: StepPlace & { readonly title: string; readonly prompt: string; readonly value: string; refuse(text: string): string | undefined },
): Promise<StepAnswer> {
  const input = vscode.window.createInputBox();
  input.prompt = question.prompt;
  input.value = question.value;
  const check = input.onDidChangeValue((text) => (input.validationMessage = question.refuse(text)));
  try {
    return await answered(input, question, () => (question.refuse(input.value) === undefined ? input.value : undefined));
  } finally {
    check.dispose();
  }
}

function answered(
  box: vscode.QuickPick<Item> | vscode.InputBox,
  { title, number, of }: StepPlace & { readonly title: string },
  value: () => string | undefined,
): Promise<StepAnswer> {
  const life = new Lifetime();
  life.own(box);
  box.title = `${title} (${number}/${of})`;
  box.ignoreFocusOut = true;
  box.buttons = number > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise<StepAnswer>((resolve) => {
    life.own(
      box.onDidAccept(() => {
        const accepted = value();
        if (accepted !== undefined) resolve(accepted);
      }),
    );
    life.own(box.onDidTriggerButton(() => resolve(back)));
    life.own(box.onDidHide(() => resolve(undefined)));
    box.show();
  }).finally(() => life.dispose());
}
