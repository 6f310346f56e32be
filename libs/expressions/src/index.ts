export { lookUp, parseReference, referenceText, unknownName, type Found, type Reference } from './reference.js';
export { scopeOf, type Scope } from './scope.js';
export { FILTERS, isTemplate, referencesInTemplate, renderTemplate, templateProblem } from './template.js';
export { referencesIn, resolveArgs, resolveValue, taintOf, type Args, type Resolved } from './resolve-args.js';
export { MOST_STEPS, evaluate, expressionProblem, nameInExpression, namesInExpression } from './evaluate.js';
export { namesInCheck, namesOfExpression, resolveCheck } from './resolve-check.js';
export { namesInStep, stepOrder } from './step-order.js';
