// GitHub's own parser of workflows and their expressions.
//
//   node workflow.mjs FILE                       what is wrong in FILE, its environment and its steps, as JSON
//   node workflow.mjs --holds EXPRESSION JSON    whether EXPRESSION is true where the contexts are as JSON says
import { readFileSync } from "node:fs";
import { register } from "node:module";

// The parser imports JSON in a way that only newer versions of Node know.
const loader = `
  import { readFileSync } from "node:fs";
  export const load = (url, context, next) => url.endsWith(".json")
    ? { format: "module", shortCircuit: true, source: "export default " + readFileSync(new URL(url)) }
    : next(url, context);`;
register("data:text/javascript," + encodeURIComponent(loader));
const { data, Evaluator, Lexer, Parser } = await import("@actions/expressions");
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
const { TemplateToken } = await import("@actions/workflow-parser/templates/tokens/index");

function asData(value) {
  if (typeof value === "string") return new data.StringData(value);
  return new data.Dictionary(...Object.entries(value).map(([key, each]) => ({ key, value: asData(each) })));
}

function plain(token) {
  if (!token) return {};
  return JSON.parse(JSON.stringify(token), (_, value) =>
    Array.isArray(value?.map) ? Object.fromEntries(value.map.map(({ Key, Value }) => [Key, Value])) : value);
}

function inputsOf(root) {
  // What the converted template leaves out: the inputs of each action, in the order of the steps.
  const isStep = (token) => ["regular-step", "run-step"].includes(token.definition?.key);
  return [...TemplateToken.traverse(root)].filter(([, token]) => isStep(token)).map(([, token]) => plain(token.find("with")));
}

if (process.argv[2] === "--holds") {
  const contexts = JSON.parse(process.argv[4]);
  const expression = new Parser(new Lexer(process.argv[3]).lex().tokens, Object.keys(contexts), []).parse();
  console.log(JSON.stringify(new Evaluator(expression, asData(contexts)).evaluate().value));
} else {
  const parsed = parseWorkflow(
    { name: process.argv[2], content: readFileSync(process.argv[2], "utf8") }, new NoOperationTraceWriter());
  const errors = parsed.context.errors.getErrors().map(String);
  if (errors.length) {
    console.log(JSON.stringify({ errors }));
    process.exit();
  }
  const template = await convertWorkflowTemplate(parsed.context, parsed.value);
  const inputs = inputsOf(parsed.value);
  const [{ steps }] = template.jobs;
  const told = steps.map(({ id, name, uses, run, if: condition }, number) =>
    ({ id, name, uses, run, condition: condition.expr, with: inputs[number] }));
  console.log(JSON.stringify({ errors, environment: plain(template.env), events: Object.keys(template.events), steps: told }));
}
