@echo off
rem Double-click to open the workshop.
cd /d "%~dp0"
set "PYTHON="
where py >nul 2>nul && set "PYTHON=py -3"
if not defined PYTHON where python >nul 2>nul && set "PYTHON=python"
if defined PYTHON (%PYTHON% start.py %*) else (echo This needs Python 3.11 or newer. Get it at python.org, then double-click again.)
pause
