import re, subprocess, sys
from pathlib import Path
from tests.browser.conftest import ROOT
from tests.database import environment_of
import tests.browser.conftest as C
def _m(environment, *a):
    r=subprocess.run([sys.executable,"manage.py",*a],cwd=ROOT,env=dict(environment),capture_output=True,text=True)
    print(r.stdout[-500:], r.stderr[-2500:])
    r.check_returncode()
C._manage=_m
def test_look(server, database_name, browsers):
    env=dict(environment_of(database_name)|{"DEMO":"1"})
    out=subprocess.run([sys.executable,"manage.py","shell","-c",Path("/tmp/look/story.py").read_text()],cwd=ROOT,env=env,capture_output=True,text=True)
    print(out.stdout[-6000:], out.stderr[-3000:])
    ref=re.search(r"CASE (\S+)",out.stdout)[1]; m=re.search(r"EAD (\S+) U (\S+) T (\S+)",out.stdout)
    b=browsers(javascript=True)
    b.get(server+"/accounts/login/")
    b.find_element("name","login").send_keys("alice@demo.example")
    b.find_element("name","password").send_keys("demo-only-passphrase")
    b.find_element("css selector","main button[type=submit]").click()
    pages={"today":"/","case":f"/cases/{ref}/","event":f"/cases/{ref}/events/new/?kind=rfe_served","pause":f"/cases/{ref}/deadlines/{m[1]}/pause/","extend":f"/cases/{ref}/deadlines/{m[2]}/extend/","meet":f"/cases/{ref}/deadlines/{m[3]}/meet/","cal":"/knowledge/calendar/federal/","ladder":"/knowledge/ladder/days/","clockk":"/knowledge/clock/RFE-84/","kn":"/knowledge/"}
    for lang in ("en","es","ar"):
        b.get(server+"/")
        for btn in b.find_elements("css selector",".cw-languages button"):
            if btn.get_attribute("value")==lang: btn.click(); break
        for width in (1280,320):
            for name,path in pages.items():
                if lang!="en" and name in("kn","clockk","ladder") and width==320: continue
                b.get(server+path)
                b.execute_script("document.querySelectorAll('main details').forEach(d=>d.open=true)")
                b.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",{"width":width,"height":900,"deviceScaleFactor":1,"mobile":False})
                size=b.execute_script("return [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
                if size[0]>width: print("WIDE",lang,width,name,size)
                import base64
                h=min(size[1],9000)
                for k in range(0, (3 if name in ("case","today") and lang!="en" else 1)):
                  y0=(1200+k*1500) if name=="case" else k*1500
                  d=b.execute_cdp_cmd("Page.captureScreenshot",{"captureBeyondViewport":True,"clip":{"x":0,"y":y0,"width":width,"height":min(1500,max(100,size[1]-y0)),"scale":1}})["data"]
                  Path(f"/tmp/look/{lang}-{width}-{name}-{k}.png").write_bytes(base64.b64decode(d))
                data=b.execute_cdp_cmd("Page.captureScreenshot",{"captureBeyondViewport":True,"clip":{"x":0,"y":0,"width":width,"height":h,"scale":1}})["data"]
                Path(f"/tmp/look/{lang}-{width}-{name}.png").write_bytes(base64.b64decode(data))
                Path(f"/tmp/look/{lang}-{width}-{name}.txt").write_text(b.find_element("tag name","body").text)
                if "Traceback" in b.page_source or b.title.startswith("5"): print("ERR",name)
