"""A world for Praxis in Python: lamps that want to be plugged in before they shine, which nobody is told."""
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
import grpc
from google.protobuf.json_format import ParseDict
from praxis.v1 import environment_pb2 as pb, types_pb2 as types

DOMAIN = """(define (domain lamps) (:types lamp) (:predicates (plugged ?l - lamp) (lit ?l - lamp))
  (:action plug-in :parameters (?l - lamp) :precondition (and) :effect (plugged ?l))
  (:action switch-on :parameters (?l - lamp) :precondition (not (lit ?l)) :effect (lit ?l))
  (:action switch-off :parameters (?l - lamp) :precondition (lit ?l) :effect (not (lit ?l))))"""
PROBLEM = "(define (problem dark) (:domain lamps) (:objects left right - lamp) (:init (plugged left)) (:goal (and (lit left) (lit right))))"
GOAL = "(and (lit left) (lit right))"
# What each action really needs and does: facts that must hold, facts that must not, added, removed.
ACTIONS = {"plug-in": ([], [], ["plugged"], []), "switch-on": (["plugged"], ["lit"], ["lit"], []), "switch-off": (["lit"], [], [], ["lit"])}
SKILLS = [{"name": name, "summary": f"Does {name} to a lamp.", "parameters": [{"name": "l", "type": "lamp"}],
           "effect": "EFFECT_CLASS_REVERSIBLE", "keyed": True, "source": "world:lamps"} for name in ACTIONS]
INFO = {"name": "lamps", "version": "1", "summary": "Two lamps.", "domain": "lamps", "skills": SKILLS,
        "scenarios": [{"name": "dark", "title": "Light both lamps", "condition": GOAL}]}
sessions, lock = {}, Lock()  # session id -> (facts, answers by key)

def find(request, context):
    return sessions.get(request.session_id) or context.abort(grpc.StatusCode.NOT_FOUND, f"There is no session {request.session_id}.")

def open_session(request, context):
    if request.scenario != "dark":
        context.abort(grpc.StatusCode.NOT_FOUND, f"There is no scenario {request.scenario}; there is dark.")
    sessions.setdefault(request.session_id, ({"(plugged left)"}, {}))
    return pb.OpenResponse()

def do(action, facts):
    """Changes the facts, or says why not."""
    args = [a.value.string_value for a in action.args]
    if action.skill not in ACTIONS or len(args) != 1 or args[0] not in ("left", "right"):
        return types.FAILURE_CODE_INVALID_ARGS, "an action and a lamp, please"
    needs, bars, adds, removes = ([f"({p} {args[0]})" for p in part] for part in ACTIONS[action.skill])
    if not facts.issuperset(needs) or facts.intersection(bars):
        return types.FAILURE_CODE_NOT_APPLICABLE, f"the lamp refused {action.skill}"
    facts.difference_update(removes)
    facts.update(adds)
    return None, "done"

def act(request, context):
    with lock:  # one action at a time, and each key once (environment.1)
        facts, answers = find(request, context)
        if request.key not in answers:
            code, message = do(request.action, facts)
            result = types.ActionResult(ok=code is None, code=code or 0, message=message)
            answers[request.key] = types.Observation(result=result, state=types.WorldState(facts=sorted(facts)))
        return pb.ActResponse(observation=answers[request.key])

def text(condition):
    """A condition in PDDL, for people."""
    kind = condition.WhichOneof("kind")
    if kind == "atom":
        return f"({' '.join([condition.atom.name, *condition.atom.args])})"
    if kind == "negation":
        return f"(not {text(condition.negation)})"
    if kind in ("conjunction", "disjunction"):
        return f"({' '.join(['and' if kind == 'conjunction' else 'or', *map(text, getattr(condition, kind).parts)])})"
    raise ValueError("The condition cannot be read; use facts, not, and and or.")

def holds(condition, facts):
    """Whether a condition is true. It comes as structure, so that no PDDL has to be read."""
    kind = condition.WhichOneof("kind")
    if kind == "negation":
        return not holds(condition.negation, facts)
    if kind in ("conjunction", "disjunction"):
        return (all if kind == "conjunction" else any)([holds(part, facts) for part in getattr(condition, kind).parts])
    return text(condition) in facts

def check(request, context):
    facts, _ = find(request, context)
    try:
        parts = request.parsed.conjunction.parts or [request.parsed]
        problems = [f"{text(part)} does not hold" for part in parts if not holds(part, facts)]
        return pb.CheckResponse(holds=holds(request.parsed, facts), problems=problems)
    except ValueError as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

METHODS = {
    "Describe": (pb.EnvironmentServiceDescribeRequest, lambda r, c: pb.EnvironmentServiceDescribeResponse(world=ParseDict(INFO, types.WorldInfo()))),
    "Open": (pb.OpenRequest, open_session),
    "Resume": (pb.ResumeRequest, lambda r, c: find(r, c) and pb.ResumeResponse()),
    "Briefing": (pb.BriefingRequest, lambda r, c: find(r, c) and pb.BriefingResponse(domain=DOMAIN, problem=PROBLEM, condition=GOAL)),
    "Observe": (pb.ObserveRequest, lambda r, c: pb.ObserveResponse(state=types.WorldState(facts=sorted(find(r, c)[0])))),
    "Act": (pb.ActRequest, act),
    "Check": (pb.CheckRequest, check),
    "CloseSession": (pb.CloseSessionRequest, lambda r, c: (sessions.pop(r.session_id, None), pb.CloseSessionResponse())[1]),
}

if __name__ == "__main__":
    server = grpc.server(ThreadPoolExecutor(4))
    handlers = {name: grpc.unary_unary_rpc_method_handler(do, request.FromString, lambda answer: answer.SerializeToString()) for name, (request, do) in METHODS.items()}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("praxis.v1.EnvironmentService", handlers)])
    port = server.add_insecure_port(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:50061")
    server.start()
    print(f"lamps: listening on port {port}", flush=True)
    server.wait_for_termination()
