"""A world without rules: notes, which agents write and read. It knows no PDDL."""
import re, sys
from concurrent.futures import ThreadPoolExecutor
import grpc
from google.protobuf.json_format import ParseDict
from praxis.v1 import environment_pb2 as pb, types_pb2 as types

def skill(name, summary, effect, *parameters):
    return {"name": name, "summary": summary, "effect": effect, "keyed": True, "source": "world:notes",
            "parameters": [{"name": p, "type": "string"} for p in parameters]}
INFO = {"name": "notes", "version": "1", "summary": "Notes, which have a name and a text.",
        "skills": [skill("write", "Writes a note. Its name is one word.", "EFFECT_CLASS_REVERSIBLE", "name", "text"),
                   skill("read", "Tells the text of a note.", "EFFECT_CLASS_PURE", "name")],
        "scenarios": [{"name": "empty", "title": "Greet, and take leave", "condition": "(and (note hello) (note goodbye))"}]}
sessions = {}  # session id -> (notes by name, answers by key)

def find(request, call):
    return sessions.get(request.session_id) or call.abort(grpc.StatusCode.NOT_FOUND, "There is no such session.")

def state(notes):
    return types.WorldState(facts=sorted(f"(note {name})" for name in notes))

def do(notes, action):  # what came of it: None or why not, and a message
    args = {a.name: a.value.string_value for a in action.args if a.value.WhichOneof("kind") == "string_value"}
    wanted = {"write": {"name", "text"}, "read": {"name"}}.get(action.skill)
    if args.keys() != wanted or len(args) != len(action.args) or not re.fullmatch(r"[a-z0-9-]+", args["name"]):
        return types.FAILURE_CODE_INVALID_ARGS, "write NAME TEXT or read NAME; a name is one word in small letters"
    if action.skill == "read":
        return (None, notes[args["name"]]) if args["name"] in notes else (types.FAILURE_CODE_NOT_APPLICABLE, "no such note")
    notes[args["name"]] = args["text"]
    return None, "written"

def act(request, call):
    notes, answers = find(request, call)
    if request.key not in answers:  # each key once (environment.1)
        code, message = do(notes, request.action)
        result = types.ActionResult(ok=code is None, code=code or 0, message=message)
        answers[request.key] = types.Observation(result=result, state=state(notes))
    return pb.ActResponse(observation=answers[request.key])

def holds(condition, facts):
    kind = condition.WhichOneof("kind")
    if kind == "atom":
        return f"({' '.join([condition.atom.name, *condition.atom.args])})" in facts
    if kind == "negation":
        return not holds(condition.negation, facts)
    if kind in ("conjunction", "disjunction"):
        return (all if kind == "conjunction" else any)([holds(part, facts) for part in getattr(condition, kind).parts])
    raise ValueError("Use facts, not, and, or.")

def check(request, call):
    try:
        return pb.CheckResponse(holds=holds(request.parsed, set(state(find(request, call)[0]).facts)))
    except ValueError as error:
        call.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

def open_session(request, call):
    if request.scenario != "empty":
        call.abort(grpc.StatusCode.NOT_FOUND, "There is no such scenario; there is empty.")
    sessions.setdefault(request.session_id, ({}, {}))
    return pb.OpenResponse()

METHODS = {
    "Describe": (pb.EnvironmentServiceDescribeRequest, lambda r, c: pb.EnvironmentServiceDescribeResponse(world=ParseDict(INFO, types.WorldInfo()))),
    "Open": (pb.OpenRequest, open_session),
    "Resume": (pb.ResumeRequest, lambda r, c: find(r, c) and pb.ResumeResponse()),
    "Briefing": (pb.BriefingRequest, lambda r, c: find(r, c) and pb.BriefingResponse(condition=INFO["scenarios"][0]["condition"])),
    "Observe": (pb.ObserveRequest, lambda r, c: pb.ObserveResponse(state=state(find(r, c)[0]))),
    "Act": (pb.ActRequest, act),
    "Check": (pb.CheckRequest, check),
    "CloseSession": (pb.CloseSessionRequest, lambda r, c: (sessions.pop(r.session_id, None), pb.CloseSessionResponse())[1]),
}

if __name__ == "__main__":
    server = grpc.server(ThreadPoolExecutor(1))  # one call at a time, so that nothing has to be locked
    handlers = {name: grpc.unary_unary_rpc_method_handler(do, request.FromString, lambda answer: answer.SerializeToString()) for name, (request, do) in METHODS.items()}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("praxis.v1.EnvironmentService", handlers)])
    port = server.add_insecure_port(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:50062")
    server.start()
    print(f"notes: listening on port {port}", flush=True)
    server.wait_for_termination()
