"""Serves a world without rules over gRPC: sessions, idempotency keys, conditions. Take it along with your own world."""
from concurrent.futures import ThreadPoolExecutor
import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from praxis.v1 import environment_pb2 as pb, types_pb2 as types

TYPES = {"string": str, "number": (int, float), "integer": int, "boolean": bool}

class Refused(Exception):
    """The action cannot be done now; the message tells the agent why."""
    code = types.FAILURE_CODE_NOT_APPLICABLE

class InvalidArguments(Refused):
    """The action cannot be done with these arguments, now or later."""
    code = types.FAILURE_CODE_INVALID_ARGS

def skill(name, summary, effect, /, **parameters):
    """An action of the world, done by its method `do_NAME`. `effect` is pure, reversible, irreversible or unknown."""
    return {"name": name, "summary": summary, "effect": f"EFFECT_CLASS_{effect.upper()}", "keyed": True,
            "parameters": [{"name": p, "type": kind} for p, kind in parameters.items()]}

class World:
    """What your world says and does: `name`, `version`, `summary`, `skills`, `scenarios`, `do_NAME` per skill, and:"""
    def open(self, scenario, seed):
        """The state of a new session, which all other methods get."""
        raise NotImplementedError
    def facts(self, state):
        """What is true now: texts such as `(note hello)`, each a name and words without spaces and brackets."""
        raise NotImplementedError

def serve(world, address):
    """Answers until the process is stopped."""
    served = Served(world)
    server = grpc.server(ThreadPoolExecutor(1))  # one call at a time, so that a world has nothing to lock
    requests = {name: getattr(pb, f"{name}Request") for name in ("Open", "Resume", "Briefing", "Observe", "Act", "Check", "CloseSession")}
    requests["Describe"] = pb.EnvironmentServiceDescribeRequest
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("praxis.v1.EnvironmentService", {
        name: grpc.unary_unary_rpc_method_handler(getattr(served, name), request.FromString, lambda answer: answer.SerializeToString())
        for name, request in requests.items()})])
    port = server.add_insecure_port(address)
    server.start()
    print(f"{world.name}: listening on port {port}", flush=True)
    server.wait_for_termination()

def holds(condition, facts):
    """Whether a condition is true; it comes as structure, so that no PDDL has to be read."""
    kind = condition.WhichOneof("kind")
    if kind == "atom":
        return f"({' '.join([condition.atom.name, *condition.atom.args])})" in facts
    if kind == "negation":
        return not holds(condition.negation, facts)
    if kind in ("conjunction", "disjunction"):
        return (all if kind == "conjunction" else any)([holds(part, facts) for part in getattr(condition, kind).parts])
    raise ValueError("The condition cannot be read; use facts, not, and and or.")

class Served:
    """The methods of `proto/praxis/v1/environment.proto` that every world needs; rules and all else are left out."""
    def __init__(self, world):
        self.world, self.sessions = world, {}  # session id -> (scenario, state, answers by key)
        scenarios = [{"name": n, "title": title, "condition": goal} for n, (title, goal) in world.scenarios.items()]
        self.info = ParseDict({"name": world.name, "version": world.version, "summary": world.summary,
                               "skills": world.skills, "scenarios": scenarios}, types.WorldInfo())

    def find(self, request, call):
        return self.sessions.get(request.session_id) or call.abort(grpc.StatusCode.NOT_FOUND, "There is no such session.")

    def state_of(self, state):
        return types.WorldState(facts=sorted(self.world.facts(state)))

    def Describe(self, request, call):
        return pb.EnvironmentServiceDescribeResponse(world=self.info)

    def Open(self, request, call):
        if request.scenario not in self.world.scenarios:
            call.abort(grpc.StatusCode.NOT_FOUND, f"There is no such scenario; there is {', '.join(self.world.scenarios)}.")
        if request.session_id not in self.sessions:
            self.sessions[request.session_id] = (request.scenario, self.world.open(request.scenario, request.seed), {})
        return pb.OpenResponse()

    def Resume(self, request, call):
        return self.find(request, call) and pb.ResumeResponse()

    def Briefing(self, request, call):
        return pb.BriefingResponse(condition=self.world.scenarios[self.find(request, call)[0]][1])

    def Observe(self, request, call):
        return pb.ObserveResponse(state=self.state_of(self.find(request, call)[1]))

    def Act(self, request, call):
        _, state, answers = self.find(request, call)
        if request.key not in answers:  # each key once (environment.1)
            try:
                result = types.ActionResult(ok=True, message=str(self.do(request.action, state)))
            except Refused as refusal:
                result = types.ActionResult(code=refusal.code, message=str(refusal))
            answers[request.key] = types.Observation(result=result, state=self.state_of(state))
        return pb.ActResponse(observation=answers[request.key])

    def do(self, action, state):
        wanted = next(({p["name"]: p["type"] for p in s["parameters"]} for s in self.world.skills if s["name"] == action.skill), None)
        args = {a.name: MessageToDict(a.value) for a in action.args}
        if wanted is None or args.keys() != wanted.keys():
            raise InvalidArguments(f"{action.skill} is no skill" if wanted is None else f"{action.skill} needs {', '.join(wanted)}")
        for name, kind in wanted.items():
            is_wrong = isinstance(args[name], bool) != (kind == "boolean") or not isinstance(args[name], TYPES[kind])
            if is_wrong and not (kind == "integer" and isinstance(args[name], float) and args[name].is_integer()):
                raise InvalidArguments(f"{name} must be of type {kind}")
            args[name] = int(args[name]) if kind == "integer" else args[name]
        return getattr(self.world, f"do_{action.skill.replace('-', '_')}")(state, **args)

    def Check(self, request, call):
        facts = set(self.state_of(self.find(request, call)[1]).facts)
        try:
            return pb.CheckResponse(holds=holds(request.parsed, facts))
        except ValueError as error:
            call.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    def CloseSession(self, request, call):
        self.sessions.pop(request.session_id, None)
        return pb.CloseSessionResponse()
